using System.Text.Encodings.Web;
using System.Text.Json;

namespace CrisisCoordination.ConsularContact.Outreach.Sending;

/// <summary>
/// For development and exercises: a file for each message, named by its key, whole or not there at all. The same key finds
/// its file there and writes no second one.
/// </summary>
internal sealed class FileChannel(string folder) : IChannel
{
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string Name => "file";

    public bool Repeats => true;

    public async Task<Sent> SendAsync(Composed message, CancellationToken ct)
    {
        var file = Path.Combine(folder, message.Channel, $"{message.Key:N}.json");
        if (File.Exists(file)) return Sent.Taken;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var draft = $"{file}.{Path.GetRandomFileName()}";
        try
        {
            await File.WriteAllTextAsync(draft, JsonSerializer.Serialize(message, Readable), ct);
            File.Move(draft, file, overwrite: false);
        }
        catch (IOException) when (File.Exists(file))
        {
            // Another one was quicker.
        }
        finally
        {
            File.Delete(draft);
        }
        return Sent.Taken;
    }
}
