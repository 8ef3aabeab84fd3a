using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace CrisisCoordination.ServiceDefaults;

/// <summary>
/// Traces and metrics over OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set, none otherwise. The framework, Npgsql,
/// MassTransit and HttpClient have their own sources; none of them records personal data (no statement parameters, no bodies).
/// </summary>
internal static class Telemetry
{
    public static void Add(WebApplicationBuilder builder, CrisisService service)
    {
        if (string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"])) return;
        var resource = ResourceBuilder.CreateDefault().AddService(service.Queue, "crisis-coordination");
        var traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource)
            .AddSource("Microsoft.AspNetCore", "System.Net.Http", "Npgsql", "MassTransit", TimelineStore.Telemetry).AddOtlpExporter().Build();
        var metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource)
            .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime", "Npgsql", "MassTransit", TimelineStore.Telemetry)
            .AddOtlpExporter().Build();
        // Registered as instances made by a factory, so that the container disposes (and flushes) them at the end.
        builder.Services.AddSingleton(_ => traces);
        builder.Services.AddSingleton(_ => metrics);
        builder.Services.AddHostedService<Flush>();
    }

    private sealed class Flush(TracerProvider traces, MeterProvider metrics) : Microsoft.Extensions.Hosting.IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            traces.ForceFlush(2000);
            metrics.ForceFlush(2000);
            return Task.CompletedTask;
        }
    }
}
