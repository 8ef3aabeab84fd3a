using CrisisCoordination.Access;
using CrisisCoordination.ConsularContact;
using CrisisCoordination.EvacuationPlanning;
using CrisisCoordination.HumanitarianAid;
using CrisisCoordination.PartnerGateway;
using CrisisCoordination.PartnerGateway.PartnerFeed;
using CrisisCoordination.PartnerGateway.Webhooks;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using CrisisCoordination.TravelDocuments;
using MassTransit;
using MassTransit.RabbitMqTransport;
using Xunit;

namespace CrisisCoordination.Frozen.Tests;

/// <summary>What others listen to, and what one service leaves for its next release, keeps its names.</summary>
public sealed class SentTests
{
    private static readonly CrisisService[] Services =
    [
        AccessService.Define(), ConsularContactService.Define(), EvacuationPlanningService.Define(), TravelDocumentsService.Define(), HumanitarianAidService.Define(), PartnerGatewayService.Define(),
    ];

    [Fact]
    public void No_exchange_message_or_queue_is_renamed() =>
        Approved.Grows("broker",
            EventTypes.House.All.Select(type => $"{type.Alias}: exchange {new RabbitMqMessageNameFormatter().GetMessageName(type.Clr)}, message {MessageUrn.ForTypeString(type.Clr)}")
                .Concat(Services.Select(service => $"queue {service.Queue}")),
            "A queue that another release declared is bound to this exchange, and messages under way bear this name. Give the record its old name back on the broker "
            + "(EntityName and MessageUrn in ServiceDefaults/Bus.cs), or bind both until no old release runs.");

    [Fact]
    public void No_event_that_partners_get_is_renamed() =>
        Approved.Grows("partners",
            Entry.On.Select(Entry.KindOf).Append(Entry.Tombstone).Select(kind => new Entry("icrc", Guid.Empty, Guid.Empty, kind, default, "{}")).Select(entry =>
                $"{CloudEvent.Of(entry).Type} · webhook {System.Text.Json.JsonDocument.Parse(WebhookSender.Body(1, entry)).RootElement.GetProperty("type").GetString()}"),
            "Agencies have programs that listen to this type. Keep it, and send a new one beside it with a version of its own.");

    [Fact]
    public void No_deadline_that_may_be_running_is_renamed() =>
        Approved.Grows("deadlines", Services.SelectMany(service => service.Reactions.Deadlines.Select(kind => $"{service.Service}: {kind}")),
            "Due times of this kind lie in the table, and nobody would be woken by them. Keep the name, or raise the revision of the table (Deadlines.Of) so that it is rebuilt, and approve that.");

    [Fact]
    public void A_table_of_a_read_model_changes_with_its_revision_only() =>
        Approved.Is("read-models", Approved.Sorted(Services.SelectMany(service => service.ReadModels).Select(table =>
            $"{table.Table} {table.Revision}: {table.Create.Split(';')[0].Split('(', 2)[1].TrimEnd(')', ' ', '\n')}")));
}
