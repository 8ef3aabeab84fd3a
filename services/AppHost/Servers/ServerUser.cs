using System.Globalization;

namespace CrisisCoordination.AppHost.Servers;

/// <summary>Whom the servers run as when we are root, as PostgreSQL refuses to be.</summary>
internal sealed record ServerUser(string Name, int Uid, int Gid)
{
    private static readonly string[] Candidates = ["postgres", "nobody"];

    public static ServerUser? Current { get; } = Environment.IsPrivilegedProcess ? Find() : null;

    public async Task OwnAsync(string path, CancellationToken cancellation) =>
        await Command.RunAsync("chown", ["-R", $"{Uid}:{Gid}", path], cancellation: cancellation);

    /// <summary>Data in a clone under a closed home, such as root's own, cannot be reached by this user.</summary>
    public static string Reachable(string path, Action<string> progress)
    {
        if (Current is null || Parents(path).All(folder => File.GetUnixFileMode(folder).HasFlag(UnixFileMode.OtherExecute))) return path;
        // Only root can create something here, so nobody else can have prepared the folder.
        var open = $"/var/lib/crisis-coordination/{Secret.Fingerprint(path)}";
        progress($"{Current.Name} cannot enter {path}, so the servers keep their data in {open}.");
        return open;
    }

    private static IEnumerable<string> Parents(string path)
    {
        for (var folder = Path.GetDirectoryName(path); folder is not null; folder = Path.GetDirectoryName(folder))
            if (Directory.Exists(folder)) yield return folder;
    }

    private static ServerUser Find()
    {
        if (!OperatingSystem.IsLinux() || Executables.InPath("setpriv") is null)
            throw new ServersUnavailableException("PostgreSQL does not run as root. Start CrisisCoordination as an ordinary user.");
        var users = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).Where(field => field.Length > 3).ToList();
        return Candidates
            .Select(name => users.Find(field => field[0] == name))
            .OfType<string[]>()
            .Select(field => new ServerUser(field[0], Number(field[2]), Number(field[3])))
            .FirstOrDefault() ?? throw new ServersUnavailableException("PostgreSQL does not run as root, and there is no user postgres or nobody to run it as.");
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
