using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using Xunit;

namespace CrisisCoordination.EndToEnd.Tests;

/// <summary>A service of a house that runs as a process of its own, so that it can be killed as by a power cut and started again.</summary>
internal sealed class KilledService : IDisposable
{
    private readonly ProcessStartInfo start;
    private readonly Lock turn = new();
    private Process? process;

    private KilledService(House house, Service service, string[] settings)
    {
        Http = new() { BaseAddress = new($"http://127.0.0.1:{FreePorts(1)}"), Timeout = TimeSpan.FromMinutes(2) };
        var connections = house.Deployment.Services[EventTypes.Alias($"{service}")];
        start = new(Program($"{service}"),
        [
            $"--ConnectionStrings:Postgres={connections.Postgres};Maximum Pool Size=20", $"--ConnectionStrings:RabbitMq={connections.Amqp}",
            $"--Timeline:MasterKey={Convert.ToBase64String(house.MasterKey)}", $"--urls={Http.BaseAddress}", "--Logging:LogLevel:Default=Error", .. settings,
        ])
        { UseShellExecute = false, RedirectStandardOutput = true };
    }

    /// <summary>Runs and is ready; its client is signed in with that role.</summary>
    public static async Task<KilledService> StartAsync(House house, Service service, string role, params string[] settings)
    {
        var killed = new KilledService(house, service, settings);
        try
        {
            using var signedIn = await house.ClientAsync(Service.Access, role);
            killed.Http.DefaultRequestHeaders.Authorization = signedIn.DefaultRequestHeaders.Authorization;
            killed.Start();
            await killed.ReadyAsync();
            return killed;
        }
        catch
        {
            killed.Dispose();
            throw;
        }
    }

    public HttpClient Http { get; }

    public void Start()
    {
        lock (turn)
        {
            process = Process.Start(start)!;
            process.OutputDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
        }
    }

    public void Kill()
    {
        lock (turn)
        {
            process?.Kill();
            process?.WaitForExit();
            process?.Dispose();
            process = null;
        }
    }

    public Task ReadyAsync() => Eventually.TrueAsync(async () =>
    {
        Assert.False(process is { HasExited: true }, "The service ended though nobody killed it.");
        return (await Http.GetAsync("/health/ready")).IsSuccessStatusCode;
    }, "the service is ready");

    /// <summary>What it answers, now or when it is up again.</summary>
    public async Task<JsonElement> GetAsync(string path)
    {
        JsonElement answer = default;
        await Eventually.TrueAsync(async () =>
        {
            answer = await Http.GetFromJsonAsync<JsonElement>(path);
            return true;
        }, $"{path} is answered");
        return answer;
    }

    public void Dispose()
    {
        Kill();
        Http.Dispose();
    }

    /// <summary>Where it is built, in the configuration that this test is.</summary>
    public static string Program(string name)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var root = here;
        while (!File.Exists(Path.Combine(root.FullName, "CrisisCoordination.sln"))) root = root.Parent!;
        return Path.Combine(root.FullName, "services", name, "bin", here.Parent!.Name, here.Name, $"CrisisCoordination.{name}");
    }

    /// <summary>The first of that many in a row, below those that the system gives to connections, which would take one while its server is down.</summary>
    public static int FreePorts(int count)
    {
        while (true)
        {
            var first = Random.Shared.Next(20000, 30000);
            try
            {
                for (var port = first; port < first + count; port++)
                {
                    using var listener = new TcpListener(IPAddress.Loopback, port);
                    listener.Start();
                }
                return first;
            }
            catch (SocketException) { }
        }
    }
}
