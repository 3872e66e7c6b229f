#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "apps/messenger/server/configuration.hpp"
#include "apps/messenger/server/setting.hpp"

namespace pentad::messenger {
namespace {

using ::testing::ElementsAre;
using std::chrono_literals::operator""s;

std::string refusal(std::string_view text) {
  const auto read = parse_configuration(text, "pentad.toml");
  return read ? "accepted" : to_string(read.error());
}

TEST(configuration, may_be_empty) {
  const auto read = parse_configuration("", "pentad.toml");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->name, "pentad.local");
  EXPECT_THAT(read->listen, ElementsAre("127.0.0.1:6667"));
  EXPECT_EQ(read->limit.message_burst, 5U);
  EXPECT_EQ(read->limit.messages_per_second, 2U);
}

TEST(configuration, sets_everything) {
  const auto read = parse_configuration(R"([server]
name = "irc.example.org"
network = "Example"
description = "The one in the cellar"
password = "sesame"
motd = """
Welcome.
  Be kind.
"""
listen = ["0.0.0.0:6667", "[::1]:0"]

[limits]
clients = 1
channels_per_client = 2
line_length = 1024
tag_length = 5
nick_length = 16
channel_length = 32
topic_length = 100
send_queue = 65536
registration_timeout = 10
ping_timeout = 60
message_burst = 7
messages_per_second = 8
)",
                                        "pentad.toml");
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_EQ(read->name, "irc.example.org");
  EXPECT_EQ(read->network, "Example");
  EXPECT_EQ(read->description, "The one in the cellar");
  EXPECT_EQ(read->password, "sesame");
  EXPECT_THAT(read->motd, ElementsAre("Welcome.", "  Be kind."));
  EXPECT_THAT(read->listen, ElementsAre("0.0.0.0:6667", "[::1]:0"));
  EXPECT_EQ(read->limit.clients, 1U);
  EXPECT_EQ(read->limit.channels_per_client, 2U);
  EXPECT_EQ(read->limit.line.line, 1024U);
  EXPECT_EQ(read->limit.line.tags, 5U);
  EXPECT_EQ(read->limit.nick_length, 16U);
  EXPECT_EQ(read->limit.channel_length, 32U);
  EXPECT_EQ(read->limit.topic_length, 100U);
  EXPECT_EQ(read->limit.send_queue, 65'536U);
  EXPECT_EQ(read->limit.registration_timeout, 10s);
  EXPECT_EQ(read->limit.ping_timeout, 60s);
  EXPECT_EQ(read->limit.message_burst, 7U);
  EXPECT_EQ(read->limit.messages_per_second, 8U);
}

TEST(configuration, sets_who_may_do_what) {
  const auto read = parse_configuration(R"([server]
admin = ["Cellar", "Example", "ann@example.org"]
[limits]
clients_per_address = 3
connection_burst = 4
connections_per_minute = 5
exempt = ["192.0.2.0/24", "2001:db8::1"]
nick_burst = 6
nicks_per_minute = 7
bans = 8
[channels]
modes = "ns"
[cloak]
enabled = false
key = "0123456789abcdef"
[files]
bans = "/b"
cloak_key = "/k"
log = "/l"
audit = "/a"
[[operators]]
name = "ann"
password = "sesame"
host = "*@192.0.2.*"
[[operators]]
name = "bob"
password = "simsim"
[[gateways]]
password = "web"
networks = ["192.0.2.7"]
)",
                                        "pentad.toml");
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_THAT(read->admin, ElementsAre("Cellar", "Example", "ann@example.org"));
  EXPECT_EQ(read->limit.clients_per_address, 3U);
  EXPECT_EQ(read->limit.connection_burst, 4U);
  EXPECT_EQ(read->limit.connections_per_minute, 5U);
  EXPECT_THAT(read->exempt,
              ElementsAre(*ip_network::parse("192.0.2.0/24"), *ip_network::parse("2001:db8::1")));
  EXPECT_EQ(read->limit.nick_burst, 6U);
  EXPECT_EQ(read->limit.nicks_per_minute, 7U);
  EXPECT_EQ(read->limit.bans, 8U);
  EXPECT_EQ(read->channel_modes, "ns");
  EXPECT_FALSE(read->cloak);
  EXPECT_EQ(read->cloak_key, "0123456789abcdef");
  EXPECT_EQ(read->bans_file, "/b");
  EXPECT_EQ(read->cloak_key_file, "/k");
  EXPECT_EQ(read->log_file, "/l");
  EXPECT_EQ(read->audit_file, "/a");
  ASSERT_EQ(read->operators.size(), 2U);
  EXPECT_EQ(read->operators[0].host, "*@192.0.2.*");
  EXPECT_EQ(read->operators[1].name, "bob");
  EXPECT_EQ(read->operators[1].host, "*@*");
  ASSERT_EQ(read->gateways.size(), 1U);
  EXPECT_THAT(read->gateways[0].networks, ElementsAre(*ip_network::parse("192.0.2.7")));
}

TEST(configuration, with_an_unknown_key_is_refused_with_the_nearest_known_one) {
  EXPECT_EQ(refusal("[server]\n\n  nmae = \"a.b\"\n"),
            "pentad.toml:3:3: unknown key 'nmae' in [server]; did you mean 'name'?");
  EXPECT_EQ(refusal("[limits]\nclients_per_adress = 1\n"),
            "pentad.toml:2:1: unknown key 'clients_per_adress' in [limits]; did you mean "
            "'clients_per_address'?");
  EXPECT_EQ(refusal("[[operators]]\npasswd = \"x\"\n"),
            "pentad.toml:2:1: unknown key 'passwd' in [[operators]]; did you mean 'password'?");
  EXPECT_EQ(refusal("[sever]\n"),
            "pentad.toml:1:2: unknown section 'sever'; did you mean 'server'?");
  EXPECT_EQ(refusal("server = 1\n"), "pentad.toml:1:10: must be written as [server]");
}

TEST(configuration, with_a_key_that_is_like_no_other_is_refused_with_those_there_are) {
  EXPECT_EQ(refusal("[cloak]\nxylophone = 1\n"),
            "pentad.toml:2:1: unknown key 'xylophone' in [cloak]; there are: enabled, key");
}

TEST(configuration, that_is_not_toml_is_refused_with_the_line) {
  EXPECT_THAT(refusal("[server]\nname = \n"), ::testing::StartsWith("pentad.toml:2:"));
}

TEST(configuration, with_a_wrong_value_is_refused_with_what_would_be_right) {
  const auto in = [](std::string_view section, std::string_view line) {
    return refusal("[" + std::string{section} + "]\n" + std::string{line} + "\n");
  };
  EXPECT_EQ(in("limits", "clients = \"many\""), "pentad.toml:2:11: clients must be a whole number");
  EXPECT_EQ(in("limits", "clients = 1.5"), "pentad.toml:2:11: clients must be a whole number");
  EXPECT_EQ(in("limits", "clients = 0"), "pentad.toml:2:11: clients must be from 1 to 1000000");
  EXPECT_EQ(in("limits", "line_length = 100"),
            "pentad.toml:2:15: line_length must be from 512 to 8192");
  EXPECT_EQ(in("limits", "ping_timeout = -1"),
            "pentad.toml:2:16: ping_timeout must be from 1 to 86400");
  EXPECT_EQ(in("server", "network = 5"), "pentad.toml:2:11: network must be a text");
  EXPECT_EQ(in("server", "network = \"\""),
            "pentad.toml:2:11: network must be 1 to 32 characters of printable ASCII");
  EXPECT_EQ(in("server", "password = \"a\\nb\""),
            "pentad.toml:2:12: password must be one line of at most 300 bytes");
  EXPECT_EQ(in("server", "description = \"a\\rb\""),
            "pentad.toml:2:15: description must be one line of at most 200 bytes");
  EXPECT_EQ(in("server", "motd = \"a\\tb\""),
            "pentad.toml:2:8: motd must not have control characters other than new lines");
  for (const std::string_view name : {"\"nodot\"", "\"a b.c\"", "\".\\u00e9\"", "\"\""}) {
    EXPECT_THAT(in("server", "name = " + std::string{name}),
                ::testing::StartsWith("pentad.toml:2:8: name must be a name of letters"));
  }
  for (const std::string_view listen : {"\"127.0.0.1:1\"", "[]", "[1]", "[\"\"]"}) {
    EXPECT_THAT(
        in("server", "listen = " + std::string{listen}),
        ::testing::EndsWith(": listen must be a list of addresses, such as [\"127.0.0.1:6667\"]"));
  }
  EXPECT_EQ(in("limits", "exempt = [\"10.0.0.1/8\"]"),
            "pentad.toml:2:11: exempt must have networks in it, such as \"192.0.2.0/24\"");
  EXPECT_EQ(in("channels", "modes = \"nk\""),
            "pentad.toml:2:9: modes must be letters of \"imnst\"");
  EXPECT_EQ(in("cloak", "key = \"short\""),
            "pentad.toml:2:7: key must be empty or a secret of at least 16 bytes");
  EXPECT_EQ(in("cloak", "enabled = 1"), "pentad.toml:2:11: enabled must be true or false");
  EXPECT_EQ(refusal("[[operators]]\nname = \"ann\"\n"),
            "pentad.toml:1:1: an operator needs name and password");
  EXPECT_EQ(refusal("[[gateways]]\npassword = \"x\"\n"),
            "pentad.toml:1:1: a gateway needs password and networks");
  EXPECT_EQ(refusal("[operators]\nname = \"ann\"\n"),
            "pentad.toml:1:1: must be written as [[operators]]");
}

TEST(configuration, tells_what_changed_but_no_secret) {
  configuration before;
  configuration after;
  EXPECT_THAT(changes_between(before, after), ::testing::IsEmpty());
  after.limit.clients = 5;
  after.password = "sesame";
  after.listen = {"0.0.0.0:6667"};
  after.operators.push_back({"ann", "simsim"});
  EXPECT_THAT(changes_between(before, after),
              ElementsAre("server.password changed",
                          "server.listen: [\"127.0.0.1:6667\"] -> [\"0.0.0.0:6667\"] (at the next "
                          "start)",
                          "limits.clients: 10000 -> 5", "operators changed"));
  keep_until_restart(before, after);
  EXPECT_THAT(after.listen, ElementsAre("127.0.0.1:6667"));
  EXPECT_EQ(after.limit.clients, 5U);
}

TEST(configuration, has_an_example_with_every_key_and_its_default) {
  const std::string file = PENTAD_EXAMPLE_CONFIGURATION;
  const auto read = load_configuration(file);
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_THAT(changes_between(configuration{}, *read), ::testing::IsEmpty());

  std::ifstream in{file};
  const std::string text{std::istreambuf_iterator<char>{in}, {}};
  for (const section& part : sections()) {
    const std::size_t begin = text.find("\n[" + std::string{part.name} + "]\n");
    ASSERT_NE(begin, text.npos) << part.name;
    const std::string_view body =
        std::string_view{text}.substr(begin, text.find("\n\n", begin) - begin);
    for (const setting& each : part.settings) {
      EXPECT_THAT(body, ::testing::HasSubstr("\n" + std::string{each.name} + " = "));
    }
  }
}

TEST(configuration, that_cannot_be_read_is_refused_with_the_reason) {
  const auto missing = load_configuration("/nonexistent/pentad.toml");
  ASSERT_FALSE(missing);
  EXPECT_EQ(to_string(missing.error()),
            "/nonexistent/pentad.toml: cannot be read: No such file or directory");
  const auto folder = load_configuration("/");
  ASSERT_FALSE(folder);
  EXPECT_EQ(to_string(folder.error()), "/: cannot be read: Is a directory");
}

}  // namespace
}  // namespace pentad::messenger
