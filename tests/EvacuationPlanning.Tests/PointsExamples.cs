using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;

namespace CrisisCoordination.EvacuationPlanning.Tests;

internal static class PointsExamples
{
    /// <summary>Enters the point far from every other one, and tells where it lies, unless somebody did before.</summary>
    public static async Task PointAsync(this HttpClient coordinator, string code, string country)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(code));
        var (latitude, longitude) = ((BitConverter.ToUInt32(hash, 0) % 16_000 / 100.0) - 80, (BitConverter.ToUInt32(hash, 4) % 35_000 / 100.0) - 175);
        var row = string.Create(CultureInfo.InvariantCulture, $"code,name,latitude,longitude\n{code},{code},{latitude},{longitude}\n");
        await coordinator.PostAsync("/assembly-points/import", new StringContent(row, Encoding.UTF8, "text/csv"));
        await coordinator.PostAsJsonAsync($"/assembly-points/{code}/country", new { country });
    }
}
