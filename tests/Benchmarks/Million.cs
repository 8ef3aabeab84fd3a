namespace CrisisCoordination.Benchmarks;

/// <summary>The figures again with a million events already stored.</summary>
internal static class Million
{
    public static async Task RunAsync(Ground ground)
    {
        Console.WriteLine("\nThe same with 1,000,000 events already stored");
        var (append, decide, catchUp) = (await AppendAsync(), await LoadAsync(), await Reads.CatchUpAsync(ground, 200_000));
        await Reads.FillAsync(ground, 1_000_000);
        Print("append, 16 writers", "appends/s", append, await AppendAsync());
        Print("fold, 4 readers", "folds/s", decide, await LoadAsync());
        Print("catch-up", "events/s", catchUp, await Reads.CatchUpAsync(ground, 200_000));

        async Task<double> AppendAsync() => (await ground.CompareAsync(16, _ => Appends.NewAsync(ground), _ => Appends.NewAsync(ground))).Ours;

        async Task<double> LoadAsync()
        {
            var id = (await Appends.NewAsync(ground)).Events[0].StreamId;
            return (await ground.CompareAsync(4, _ => ground.Store.LoadAsync<Case>(id), _ => ground.Store.LoadAsync<Case>(id))).Ours;
        }

        static void Print(string what, string unit, double before, double after) =>
            Console.WriteLine($"  {what,-34} {before,9:N0} → {after,9:N0} {unit}   {after / before:0.00}   reach 0.90");
    }
}
