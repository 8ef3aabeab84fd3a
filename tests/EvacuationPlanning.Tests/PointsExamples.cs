using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Testing;

namespace CrisisCoordination.EvacuationPlanning.Tests;

internal static class PointsExamples
{
    /// <summary>Enters the point far from every other one, and two accounts tell where it lies, unless somebody did before.</summary>
    public static async Task PointAsync(this House house, string code, string country)
    {
        using var first = await house.ClientAsync(Service.EvacuationPlanning, Roles.Coordinator);
        using var second = await house.SecondCoordinatorAsync();
        await first.ToldByOneAsync(code, country);
        await second.ImportPointsAsync(Row(code, country));
    }

    public static Task<HttpClient> SecondCoordinatorAsync(this House house) =>
        house.ClientOfAsync(Service.EvacuationPlanning, "second-coordinator", null, Roles.Coordinator);

    /// <summary>The same by one account alone.</summary>
    public static async Task ToldByOneAsync(this HttpClient coordinator, string code, string country)
    {
        await coordinator.ImportPointsAsync(Row(code, country));
        await coordinator.PostAsJsonAsync($"/assembly-points/{code}/country", new { country });
    }

    public static string Row(string code, string country)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(code));
        var (latitude, longitude) = ((BitConverter.ToUInt32(hash, 0) % 16_000 / 100.0) - 80, (BitConverter.ToUInt32(hash, 4) % 35_000 / 100.0) - 175);
        return string.Create(CultureInfo.InvariantCulture, $"{code},{code},{latitude},{longitude},{country}");
    }

    public static async Task<JsonElement> ImportPointsAsync(this HttpClient coordinator, params string[] rows)
    {
        using var answer = await coordinator.PostAsync("/assembly-points/import",
            new StringContent($"code,name,latitude,longitude,country\n{string.Join('\n', rows)}\n", Encoding.UTF8, "text/csv"));
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
