using Xunit;

namespace CrisisCoordination.Frozen.Tests;

/// <summary>
/// Lists that stand in <c>Approved/</c> beside these tests, so that a change of what is stored, sent or refused shows in a diff.
/// <c>docs/decisions/frozen-names.md</c> says how one is accepted.
/// </summary>
internal static class Approved
{
    private const string HowToAccept = "If that is meant, accept it with `APPROVE=1 dotnet test tests/Frozen.Tests` and commit the changed list.";

    private static bool Accepts => Environment.GetEnvironmentVariable("APPROVE") == "1";

    /// <summary>The repository's folder.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>What was stored or sent once is read for ever: lines may be added, and none may go.</summary>
    /// <param name="list">Names the file.</param>
    /// <param name="now">A line each; their order does not matter.</param>
    /// <param name="whenGone">What to do instead of removing, renaming or retyping.</param>
    public static void Grows(string list, IEnumerable<string> now, string whenGone)
    {
        var lines = Sorted(now);
        var gone = Read(list).Except(lines).ToArray();
        Assert.True(gone.Length == 0, $"Gone from {list}:\n  {string.Join("\n  ", gone)}\n{whenGone}");
        Is(list, lines);
    }

    /// <summary>Any change of these lines is a decision.</summary>
    public static void Is(string list, IEnumerable<string> now)
    {
        string[] lines = [.. now], before = Read(list);
        if (lines.SequenceEqual(before))
        {
            File.Delete(Received(list));
            return;
        }
        File.WriteAllLines(Accepts ? PathOf(list) : Received(list), lines);
        if (Accepts)
        {
            File.Delete(Received(list));
            return;
        }
        var changes = before.Except(lines).Select(line => $"- {line}").Concat(lines.Except(before).Select(line => $"+ {line}")).ToArray();
        Assert.Fail($"{list} is not as approved:\n{string.Join('\n', changes.Length > 0 ? changes : ["The order of the lines changed."])}\n{HowToAccept}");
    }

    public static string[] Sorted(IEnumerable<string> lines) => [.. lines.Distinct().Order(StringComparer.Ordinal)];

    private static string[] Read(string list) => File.Exists(PathOf(list)) ? File.ReadAllLines(PathOf(list)) : [];

    private static string PathOf(string list) => Path.Combine(Root, "tests", "Frozen.Tests", "Approved", $"{list}.approved.txt");

    private static string Received(string list) => Path.ChangeExtension(Path.ChangeExtension(PathOf(list), null), ".received.txt");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "CrisisCoordination.sln"))) return folder.FullName;
        throw new InvalidOperationException($"{AppContext.BaseDirectory} is not inside the repository, where the approved lists are.");
    }
}
