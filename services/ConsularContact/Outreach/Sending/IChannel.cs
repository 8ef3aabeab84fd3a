namespace CrisisCoordination.ConsularContact.Outreach.Sending;

/// <summary>A way out of the house.</summary>
internal interface IChannel
{
    /// <summary>As the timeline names it.</summary>
    string Name { get; }

    /// <summary>Whether a message sent again with the same key reaches the person once.</summary>
    bool Repeats { get; }

    Task<Sent> SendAsync(Composed message, CancellationToken ct);
}

/// <summary>What became of sending. Later: surely not taken, or safe to send again. Untried: the provider was left alone.</summary>
internal enum Outcome { Taken, Refused, Later, Untried, Uncertain }

/// <param name="Why">A code, when refused.</param>
internal sealed record Sent(Outcome Outcome, string? Why = null)
{
    public static Sent Taken { get; } = new(Outcome.Taken);
    public static Sent Later { get; } = new(Outcome.Later);
    public static Sent Untried { get; } = new(Outcome.Untried);
    public static Sent Uncertain { get; } = new(Outcome.Uncertain);

    public static Sent Refused(string why) => new(Outcome.Refused, why);
}
