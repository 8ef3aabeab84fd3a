namespace CrisisCoordination.AppHost.Servers;

/// <summary>Installs the two servers where we are root on Debian or Ubuntu, as in a container or on a build machine.</summary>
internal static class DebianPackages
{
    private const string Policy = "/usr/sbin/policy-rc.d";
    private const string SetAside = Policy + ".crisis-coordination";
    private static readonly Dictionary<string, string> Quiet = new() { ["DEBIAN_FRONTEND"] = "noninteractive" };

    public static bool CanInstall => Environment.IsPrivilegedProcess && File.Exists("/etc/debian_version") && Executables.InPath("apt-get") is not null;

    public static async Task InstallAsync(string[] packages, Action<string> progress, CancellationToken cancellation)
    {
        await using var turn = await TurnAsync(cancellation);
        // Another one may have installed them while we waited.
        if (Executables.Postgres(null) is not null && Executables.Rabbit() is not null) return;
        progress($"Installing the packages {string.Join(" and ", packages)} with apt-get; this takes a minute.");
        KeepServicesFromStarting();
        try
        {
            await Command.RunAsync("apt-get", ["update"], Quiet, cancellation);
            await Command.RunAsync(
                "apt-get", ["install", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300", .. packages], Quiet, cancellation);
        }
        finally
        {
            File.Delete(Policy);
            if (Path.Exists(SetAside)) File.Move(SetAside, Policy);
        }
    }

    /// <summary>Debian starts a server as soon as it is installed; ours are private ones.</summary>
    private static void KeepServicesFromStarting()
    {
        // What is set aside already is from an installation that was killed, and is the machine's own.
        if (Path.Exists(Policy) && !Path.Exists(SetAside)) File.Move(Policy, SetAside);
        File.WriteAllText(Policy, "#!/bin/sh\nexit 101\n");
        File.SetUnixFileMode(Policy, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
    }

    private static async Task<FileStream> TurnAsync(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return new FileStream("/run/crisis-coordination.install.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(500, cancellation);
            }
        }
    }
}
