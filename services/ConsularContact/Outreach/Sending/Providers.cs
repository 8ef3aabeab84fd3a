namespace CrisisCoordination.ConsularContact.Outreach.Sending;

/// <summary>
/// What this deployment sends with. Configuration: <c>Outreach:Sms</c> and <c>Outreach:Voice</c> (<c>Address</c>,
/// <c>Secret</c>), <c>Outreach:Email</c> (<c>Host</c>, <c>Port</c>, <c>Tls</c>, <c>User</c>, <c>Password</c>, <c>From</c>),
/// each with <c>PerSecond</c>, <c>TimeoutSeconds</c>, <c>BreakSeconds</c> and the <c>WebhookSecret</c> of what it tells us;
/// <c>Outreach:Folder</c>, where messages become files: all of an exercise, and those of channels without a provider.
/// </summary>
internal sealed class Providers : IDisposable
{
    private static readonly string[] Automatic = [Channels.Sms, Channels.Email, Channels.Voice];

    private readonly Dictionary<string, Provider> real = [];
    private readonly Dictionary<string, byte[]> webhookSecrets = [];
    private readonly Provider? files;

    public Providers(IConfiguration configuration, TimeProvider clock)
    {
        var outreach = configuration.GetSection("Outreach");
        foreach (var way in Automatic)
        {
            var settings = outreach.GetSection(way);
            if (settings["WebhookSecret"] is { Length: > 0 } secret) webhookSecrets[way] = ProviderSignature.Read(secret);
            if (ChannelOf(way, settings) is { } channel) real[way] = new(channel, Limits(settings), clock);
        }
        if (outreach["Folder"] is { Length: > 0 } folder) files = new(new FileChannel(folder), Limits(outreach.GetSection("Files"), 1000), clock);
    }

    /// <summary>The ways that can be used, in an exercise or not. A list for operators needs nobody.</summary>
    public IReadOnlyList<string> Ways(bool exercise) => [.. Automatic.Where(way => For(way, exercise) is not null), Channels.Call];

    /// <summary>null where there is none.</summary>
    public Provider? For(string way, bool exercise) => !Automatic.Contains(way) ? null : exercise ? files : real.GetValueOrDefault(way) ?? files;

    /// <summary>What the provider of that way signs with; null where none is set up.</summary>
    public byte[]? WebhookSecret(string way) => webhookSecrets.GetValueOrDefault(way);

    public void Dispose()
    {
        foreach (var provider in real.Values) provider.Dispose();
        files?.Dispose();
    }

    private static IChannel? ChannelOf(string way, IConfigurationSection settings) => way == Channels.Email
        ? settings["Host"] is { Length: > 0 } host ? new SmtpChannel(new(host, settings.GetValue("Port", 587), settings.GetValue("Tls", true), settings["User"], settings["Password"], Required(settings, "From"))) : null
        : settings["Address"] is { Length: > 0 } address ? new GatewayChannel(new Uri(address), Required(settings, "Secret")) : null;

    private static ProviderLimits Limits(IConfigurationSection settings, int perSecond = 20) => new()
    {
        PerSecond = Math.Max(1, settings.GetValue("PerSecond", perSecond)),
        Timeout = TimeSpan.FromSeconds(settings.GetValue("TimeoutSeconds", 15.0)),
        Break = TimeSpan.FromSeconds(settings.GetValue("BreakSeconds", 15.0)),
    };

    private static string Required(IConfigurationSection settings, string name) =>
        settings[name] is { Length: > 0 } value ? value : throw new InvalidOperationException($"The setting {settings.Path}:{name} is missing.");
}
