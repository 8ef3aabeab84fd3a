namespace CrisisCoordination.AppHost.Servers;

/// <summary>PostgreSQL or RabbitMQ cannot be had; the message is written for the person at the keyboard.</summary>
public sealed class ServersUnavailableException : Exception
{
    public ServersUnavailableException(string message) : base(message) { }
    public ServersUnavailableException(string message, Exception inner) : base(message, inner) { }
}
