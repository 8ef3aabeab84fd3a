using CrisisCoordination.EvacuationPlanning.Planning;
using Xunit;
using static CrisisCoordination.EvacuationPlanning.Tests.Planning.World;

namespace CrisisCoordination.EvacuationPlanning.Tests.Planning;

public sealed class NetworkTests
{
    [Fact]
    public void A_leg_leads_where_the_points_say_and_countries_of_the_crisis_are_inside()
    {
        var legs = Network(Run("Capital", "Port", 1, 2), Run("Port", "Jeddah", 4, 5), Run("Jeddah", "Delhi", 7, 8)).Legs;

        Assert.Equal([(null, null), (null, "SAU"), ("SAU", "IND")], legs.Select(leg => (leg.FromCountry, leg.ToCountry)));
        Assert.Equal([("SDN", "SDN"), ("SDN", "SAU"), ("SAU", "IND")], legs.Select(leg => (leg.Origin, leg.Destination)));
    }

    [Fact]
    public void What_a_transport_tells_of_a_country_makes_no_leg_end_elsewhere()
    {
        Assert.Null(Assert.Single(Network(Run("Capital", "Port", 1, 2) with { DestinationCountry = "SDN" }).Legs).ToCountry);
        Assert.Equal("SAU", Assert.Single(Network(Run("Capital", "Jeddah", 1, 2) with { DestinationCountry = null }).Legs).ToCountry);
    }

    [Fact]
    public void One_transport_that_contradicts_the_point_is_left_out_and_the_others_run()
    {
        var network = Network(Run("Port", "Jeddah", 1, 2), Run("Port", "Jeddah", 3, 4) with { DestinationCountry = "YEM" }, Run("Jeddah", "Delhi", 5, 6));

        Assert.Equal(("Port-Jeddah@3", "contradictory-country"), (Assert.Single(network.Unusable).Departure.Code, network.Unusable[0].Code));
        Assert.Equal(["Port-Jeddah@1", "Jeddah-Delhi@5"], network.Legs.Select(leg => leg.Departure.Code));
    }

    [Fact]
    public void One_transport_to_a_point_that_nobody_knows_or_of_which_nobody_told_the_country_is_left_out_and_the_others_run()
    {
        AssemblyPoint[] points = [.. Points, new("Somewhere", "Quay", new(1, 1))];
        var (ship, lost, dark) = (Run("Port", "Jeddah", 1, 2), Run("Port", "Jeddah", 3, 4) with { To = "Nowhere" }, Run("Port", "Jeddah", 5, 6) with { To = "Somewhere" });
        var network = EvacuationPlanning.Planning.Network.From(["SDN"], points, [ship, lost, dark]);

        Assert.Equal(["point-unknown", "country-unknown"], network.Unusable.Select(run => run.Code));
        Assert.Equal(ship, Assert.Single(network.Legs).Departure);
    }

    [Fact]
    public void Nobody_is_carried_back_into_the_crisis() =>
        Assert.Equal("returns-into-crisis", Assert.Single(Network(Run("Port", "Jeddah", 1, 2), Run("Jeddah", "Port", 4, 5)).Unusable).Code);

    [Fact]
    public void A_departure_that_arrives_before_it_departs_is_not_used() =>
        Assert.Equal("arrives-before-it-departs", Assert.Single(Network(Run("Port", "Jeddah", 5, 5)).Unusable).Code);

    [Theory]
    [InlineData(13.45, 22.45, "SDN")] // El Geneina
    [InlineData(13.47, 22.20, "TCD")] // Adre, where a point of its own is nearer
    [InlineData(13.47, 21.90, null)]  // in the desert, far from both
    public void Somebody_is_in_the_country_of_the_nearest_point_and_far_from_all_of_them_nobody_knows(double latitude, double longitude, string? country) =>
        Assert.Equal(country, new Surroundings([(new(13.45, 22.45), "SDN"), (new(13.47, 22.20), "TCD")]).CountryAt(new(latitude, longitude)));

    [Fact]
    public void A_town_across_the_border_is_not_taken_for_the_one_on_this_side_where_only_that_one_is_known() =>
        Assert.Null(new Surroundings([(new(13.45, 22.45), "SDN")]).CountryAt(new(13.47, 22.20)));

    [Fact]
    public void Whoever_enters_a_point_beside_somebody_does_not_say_by_it_where_they_are() =>
        Assert.Null(new Surroundings([(new(13.45, 22.45), "TCD"), (new(13.46, 22.45), null)]).CountryAt(new(13.47, 22.45)));

    [Fact]
    public void Port_Sudan_airport_is_twenty_kilometres_from_its_sea_port() =>
        Assert.Equal(20.6, new Position(19.618, 37.22).KilometresTo(new(19.4336, 37.2341)), 0.1);
}
