using System.Globalization;

namespace CrisisCoordination.AppHost;

/// <summary>What the person at the keyboard asked for.</summary>
internal sealed record CommandLine
{
    public const string Usage = """
        Starts CrisisCoordination on this machine (PostgreSQL, RabbitMQ and the six services) and carries a crisis through
        their public interfaces: a sample of about 600 people, or the one you name.

          dotnet run --project services/AppHost -- [options]

          --scenario DIR     carry the crisis in DIR through instead of the sample
          --no-crisis        only start, with whatever data is there
          --exit-when-done   stop after the report; the exit code is 0 only if every check of it held
          --fresh            forget all data of earlier starts
          --base-port N      the services listen on N+1 to N+6 (7100)
          --local DIR        keep data, logs, accounts and the report in DIR instead of .local/ of this repository
          --help             this text

        Ctrl-C stops everything.
        """;

    /// <summary>null: the sample.</summary>
    public string? Scenario { get; init; }
    public bool NoCrisis { get; init; }
    public bool Fresh { get; init; }
    /// <summary>null: <c>.local/</c> of the repository.</summary>
    public string? Local { get; init; }
    public int BasePort { get; init; } = 7100;
    public bool ExitWhenDone { get; init; }
    public bool Help { get; init; }

    /// <exception cref="UsageException">It cannot be understood; the message says what to type.</exception>
    public static CommandLine Parse(IReadOnlyList<string> arguments)
    {
        var command = new CommandLine();
        for (var i = 0; i < arguments.Count; i++)
        {
            // --option=value is the same as --option value.
            var (option, value) = arguments[i].Split('=', 2) is [var name, var given] && name.StartsWith("--", StringComparison.Ordinal) ? (name, given) : (arguments[i], null);
            command = option switch
            {
                "--scenario" => command with { Scenario = Folder(value ?? Next(option)) },
                "--base-port" => command with { BasePort = Port(value ?? Next(option)) },
                "--local" => command with { Local = Path.GetFullPath(value ?? Next(option)) },
                "--no-crisis" when value is null => command with { NoCrisis = true },
                "--fresh" when value is null => command with { Fresh = true },
                "--exit-when-done" when value is null => command with { ExitWhenDone = true },
                "--help" or "-h" when value is null => command with { Help = true },
                _ => throw new UsageException($"There is no option {arguments[i]}. --help lists the options."),
            };

            string Next(string option) => ++i < arguments.Count && !arguments[i].StartsWith("--", StringComparison.Ordinal)
                ? arguments[i] : throw new UsageException($"{option} needs a value. --help shows how.");
        }
        return command is { NoCrisis: true } and ({ ExitWhenDone: true } or { Scenario: not null })
            ? throw new UsageException("--no-crisis goes with neither --scenario nor --exit-when-done: without a crisis nothing is ever done.")
            : command;
    }

    private static string Folder(string path) =>
        Directory.Exists(path) ? Path.GetFullPath(path) : throw new UsageException($"There is no folder {path} for --scenario.");

    private static int Port(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1024 and <= 65529
            ? port : throw new UsageException($"--base-port {text} is no port between 1024 and 65529.");
}

/// <summary>The command cannot be carried out as typed; the message is for the person at the keyboard.</summary>
internal sealed class UsageException(string message) : Exception(message);
