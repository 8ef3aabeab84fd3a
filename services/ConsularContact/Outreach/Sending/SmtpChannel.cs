using System.Net;
using System.Net.Mail;
using System.Net.Sockets;
using System.Text;

namespace CrisisCoordination.ConsularContact.Outreach.Sending;

/// <summary>Where e-mail is handed over.</summary>
internal sealed record SmtpServer(string Host, int Port, bool Tls, string? User, string? Password, string From);

/// <summary>
/// E-mail over SMTP, which has no key to tell repeats by: a message that was cut off while it was handed over may have been
/// taken, so it is not sent again. The attempt stands in its Message-ID.
/// </summary>
internal sealed class SmtpChannel(SmtpServer server) : IChannel
{
    public string Name => "smtp";

    public bool Repeats => false;

    public async Task<Sent> SendAsync(Composed message, CancellationToken ct)
    {
        using var client = new SmtpClient(server.Host, server.Port) { EnableSsl = server.Tls, Credentials = server.User is { } user ? new NetworkCredential(user, server.Password) : null };
        using var mail = new MailMessage(new MailAddress(server.From), new MailAddress(message.Address))
        {
            Subject = message.Subject,
            SubjectEncoding = Encoding.UTF8,
            Body = message.Text,
            BodyEncoding = Encoding.UTF8,
            BodyTransferEncoding = TransferEncodingFor(message.Text),
        };
        mail.Headers.Add("Message-ID", $"<{message.Key:N}@{mail.From!.Host}>");
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        try
        {
            await client.SendMailAsync(mail, ct);
            return Sent.Taken;
        }
        catch (Exception fault) when (fault is SmtpException or IOException or InvalidOperationException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
            return Judge(fault);
        }
    }

    /// <summary>What the server answered is known; what broke off after the connection stood is not.</summary>
    internal static Sent Judge(Exception fault) => fault switch
    {
        SmtpFailedRecipientsException => Sent.Refused("smtp-recipient"),
        SmtpException { StatusCode: SmtpStatusCode.GeneralFailure, InnerException: SocketException or System.Security.Authentication.AuthenticationException } or System.Security.Authentication.AuthenticationException => Sent.Later,
        SmtpException { StatusCode: SmtpStatusCode.GeneralFailure } => Sent.Uncertain,
        // A sign-in or encryption that the server misses is ours to put right.
        SmtpException { StatusCode: SmtpStatusCode.MustIssueStartTlsFirst or SmtpStatusCode.ClientNotPermitted or (SmtpStatusCode)535 } => Sent.Later,
        SmtpException { StatusCode: >= (SmtpStatusCode)500 } refused => Sent.Refused($"smtp-{(int)refused.StatusCode}"),
        SmtpException { StatusCode: >= (SmtpStatusCode)400 } => Sent.Later,
        _ => Sent.Uncertain,
    };

    private static System.Net.Mime.TransferEncoding TransferEncodingFor(string text) => text.All(char.IsAscii) ? System.Net.Mime.TransferEncoding.QuotedPrintable : System.Net.Mime.TransferEncoding.Base64;
}
