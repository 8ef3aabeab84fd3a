using System.Globalization;
using System.Text.RegularExpressions;

namespace CrisisCoordination.AppHost.Servers;

/// <summary>Where Debian, Ubuntu, Fedora and Homebrew put the two servers.</summary>
internal static partial class Executables
{
    private static IEnumerable<string> SearchPath =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    public static string? InPath(string name) =>
        SearchPath.Append("/usr/sbin").Append("/usr/bin").Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>PostgreSQL's bin folder: the version that the data was made with, or the newest.</summary>
    public static string? Postgres(int? version)
    {
        var folders = SearchPath
            .Concat(Matching("/usr/lib/postgresql", "*"))
            .Concat(Matching("/usr", "pgsql-*"))
            .Concat(Matching("/opt/homebrew/opt", "postgresql*"))
            .Concat(Matching("/usr/local/opt", "postgresql*"))
            .SelectMany(folder => new[] { folder, Path.Combine(folder, "bin") })
            .Where(folder => File.Exists(Path.Combine(folder, "postgres")) && File.Exists(Path.Combine(folder, "initdb")));
        return version is null
            ? folders.MaxBy(PostgresVersion)
            : folders.FirstOrDefault(folder => PostgresVersion(folder) is 0 || PostgresVersion(folder) == version);
    }

    /// <summary>The folder of RabbitMQ's own scripts. The distributions' wrappers in /usr/sbin insist on a system user, and have no rabbitmq-env beside them.</summary>
    public static string? Rabbit() =>
        SearchPath
            .Append("/usr/lib/rabbitmq/bin")
            .Concat(Matching("/usr/lib/rabbitmq/lib", "rabbitmq_server-*").Select(folder => Path.Combine(folder, "sbin")))
            .Concat(["/opt/homebrew/opt/rabbitmq/sbin", "/usr/local/opt/rabbitmq/sbin", "/usr/local/sbin"])
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "rabbitmq-server")) && File.Exists(Path.Combine(folder, "rabbitmq-env")));

    /// <summary>0 where the folder's name does not tell.</summary>
    private static int PostgresVersion(string folder) =>
        VersionInPath().Match(folder) is { Success: true } match ? int.Parse(match.Groups["version"].Value, CultureInfo.InvariantCulture) : 0;

    private static string[] Matching(string parent, string pattern) =>
        Directory.Exists(parent) ? Directory.GetDirectories(parent, pattern) : [];

    [GeneratedRegex(@"(postgresql[/@-]|pgsql-)(?<version>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex VersionInPath();
}
