using CrisisCoordination.Benchmarks;

if (args is [OtherProcess.Verb, ..]) return await OtherProcess.RunAsync(args[1..]);

if (args is ["reference", var file])
{
    ReferenceSet.Run(file);
    return 0;
}

if (args is ["train", .. var files])
{
    await ReferenceSet.TrainAsync(files);
    return 0;
}

// `dotnet run -c Release --project tests/Benchmarks [-- part … [--long]]`
var lengthy = args.Contains("--long");
var parts = args.Where(arg => !arg.StartsWith("--")).ToHashSet();
Dictionary<string, Func<Ground, Task>> all = new()
{
    ["append"] = Appends.NewStreamsAsync,
    ["decide"] = Appends.DecideAsync,
    ["fold"] = Reads.FoldAsync,
    ["catch-up"] = Reads.CatchUpAsync,
    ["relay"] = Messages.RelayAsync,
    ["latency"] = Messages.LatencyAsync,
    ["memory"] = Messages.MemoryAsync,
    ["matching"] = Matching.RunAsync,
    ["search"] = Searches.RunAsync,
    [Imports.Part] = Imports.RunAsync,
    ["plan"] = Plans.RunAsync,
    ["draft"] = Drafts.RunAsync,
};
if (parts.FirstOrDefault(part => part != "million" && !all.ContainsKey(part)) is { } unknown)
{
    Console.Error.WriteLine($"There is no part {unknown}. Parts: {string.Join(", ", all.Keys)}, million; without any, all but the last.");
    return 2;
}

await using var ground = await Ground.StartAsync(lengthy);
Console.WriteLine($"{DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC, {Environment.ProcessorCount} cores, {Environment.OSVersion}, .NET {Environment.Version}");
foreach (var (name, part) in all)
    if (parts.Count == 0 || parts.Contains(name)) await part(ground);
if (parts.Contains("million")) await Million.RunAsync(ground);
return 0;
