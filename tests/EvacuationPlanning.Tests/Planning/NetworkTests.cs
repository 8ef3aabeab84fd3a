using CrisisCoordination.EvacuationPlanning.Planning;
using Xunit;
using static CrisisCoordination.EvacuationPlanning.Tests.Planning.World;

namespace CrisisCoordination.EvacuationPlanning.Tests.Planning;

public sealed class NetworkTests
{
    [Fact]
    public void A_point_lies_in_the_country_to_which_a_departure_goes_and_otherwise_in_the_crisis()
    {
        var legs = Network(Run("Capital", "Port", 1, 2), Run("Port", "Jeddah", 4, 5), Run("Jeddah", "Delhi", 7, 8)).Legs;

        Assert.Equal([(null, null), (null, "SAU"), ("SAU", "IND")], legs.Select(leg => (leg.FromCountry, leg.ToCountry)));
    }

    [Fact]
    public void A_departure_that_names_the_crisis_country_stays_inside() =>
        Assert.Null(Assert.Single(Network(Run("Capital", "Port", 1, 2) with { DestinationCountry = "SDN" }).Legs).ToCountry);

    [Fact]
    public void A_point_said_to_lie_in_two_countries_is_not_used_at_all()
    {
        var network = Network(
            Run("Port", "Jeddah", 1, 2), Run("Port", "Jeddah", 3, 4) with { DestinationCountry = "YEM" }, Run("Jeddah", "Delhi", 5, 6));

        Assert.Empty(network.Legs);
        Assert.All(network.Unusable, unusable => Assert.Equal("contradictory-country", unusable.Code));
    }

    [Fact]
    public void A_bus_that_forgets_to_say_it_crosses_the_border_is_not_used()
    {
        var silent = Run("Capital", "Jeddah", 1, 2) with { DestinationCountry = null };

        Assert.Equal(new UnusableDeparture(silent, "contradictory-country"), Assert.Single(Network(silent, Run("Port", "Jeddah", 3, 4)).Unusable));
    }

    [Fact]
    public void Nobody_is_carried_back_into_the_crisis() =>
        Assert.Equal("returns-into-crisis", Assert.Single(Network(Run("Port", "Jeddah", 1, 2), Run("Jeddah", "Port", 4, 5)).Unusable).Code);

    [Fact]
    public void A_departure_that_arrives_before_it_departs_is_not_used() =>
        Assert.Equal("arrives-before-it-departs", Assert.Single(Network(Run("Port", "Jeddah", 5, 5)).Unusable).Code);

    [Fact]
    public void Port_Sudan_airport_is_twenty_kilometres_from_its_sea_port() =>
        Assert.Equal(20.6, new Position(19.618, 37.22).KilometresTo(new(19.4336, 37.2341)), 0.1);
}
