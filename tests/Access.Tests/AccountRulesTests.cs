using CrisisCoordination.ServiceDefaults;
using Xunit;

namespace CrisisCoordination.Access.Tests;

public class AccountRulesTests
{
    [Theory]
    [InlineData("maria.lopez")]
    [InlineData("post-7")]
    [InlineData("a")]
    public void Lower_case_letters_digits_dots_and_hyphens_make_a_name(string name) => Assert.Null(AccountRules.CheckName(name));

    [Theory]
    [InlineData("")]
    [InlineData("Maria")]
    [InlineData("maria lopez")]
    [InlineData(".maria")]
    [InlineData("maria-")]
    [InlineData("maria\n")]
    [InlineData("mar\0ia")]
    [InlineData("maría")]
    [InlineData("m@post")]
    [InlineData("a1234567890123456789012345678901234567890123456789012345678901234")]
    public void Anything_else_does_not(string name) => Assert.Equal("access/account-name", AccountRules.CheckName(name)?.Code);

    [Theory]
    [InlineData("eleven-char", "access/password-short")]
    [InlineData("my Maria.Lopez 99", "access/password-has-name")]
    [InlineData("aaaaaaaaaaaaaaaa", "access/password-simple")]
    public void A_password_is_long_is_not_the_name_and_does_not_repeat(string password, string code) =>
        Assert.Equal((code, "password"), AccountRules.CheckPassword("maria.lopez", password) is { } refusal ? (refusal.Code, refusal.Field) : default);

    [Fact]
    public void A_password_that_would_take_long_to_hash_is_refused() => Assert.Equal("access/password-long", AccountRules.CheckPassword("maria", string.Concat(Enumerable.Repeat("abcde", 50)))?.Code);

    [Fact]
    public void Twelve_characters_are_enough_in_any_script() => Assert.Null(AccountRules.CheckPassword("maria", "مصباح النحاس ٩"));

    [Theory]
    [InlineData(null)]
    [InlineData("king")]
    [InlineData("Officer")]
    public void A_role_that_does_not_exist_is_refused(string? role) => Assert.Equal("access/role-unknown", AccountRules.CheckRoles([Roles.Officer, role!], null)?.Code);

    [Fact]
    public void An_account_without_a_role_could_do_nothing() => Assert.Equal("access/role-missing", AccountRules.CheckRoles([], null)?.Code);

    [Fact]
    public void A_partner_without_an_agency_would_be_nobodys() => Assert.Equal("access/agency-missing", AccountRules.CheckRoles([Roles.Partner], null)?.Code);

    [Theory]
    [InlineData("", null)]
    [InlineData("Bei\0rut", null)]
    [InlineData(null, "UN HCR")]
    [InlineData(null, "")]
    public void Post_and_agency_are_plain_words(string? post, string? agency) => Assert.NotNull(AccountRules.CheckPlace(post, agency));

    [Fact]
    public void A_new_password_is_not_the_old_one() =>
        Assert.Equal("access/password-same", ChangePasswordFeature.Check("maria", new("copper-lantern-tide", "copper-lantern-tide"))?.Code);
}
