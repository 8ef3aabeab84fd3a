// Write transactions that stay open hold the feed of the whole cluster back, and some of these tests hold one open on purpose.
[assembly: Xunit.CollectionBehavior(DisableTestParallelization = true)]
