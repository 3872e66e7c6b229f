#include "pentad/base/service_address.hpp"

#include <gtest/gtest.h>

#include <string>
#include <type_traits>

#include "pentad/base/error.hpp"

namespace pentad {
namespace {

static_assert(std::is_trivially_copyable_v<service_address>);
static_assert(std::is_trivially_destructible_v<service_address>);

service_address parsed(std::string_view text) {
  const auto x = service_address::parse(text);
  EXPECT_TRUE(x) << text << ": " << x.error().message();
  return x.value_or(service_address{});
}

TEST(service_address, is_a_host_and_a_port) {
  const auto x = parsed("tcp://example.org:80");
  EXPECT_EQ(x, (service_address{.scheme = service_scheme::tcp, .host = "example.org", .port = 80}));
  EXPECT_FALSE(x.is_unix());
  EXPECT_EQ(parsed("udp://10.9.0.1:53").scheme, service_scheme::udp);
}

TEST(service_address, gives_ipv6_without_its_brackets) {
  EXPECT_EQ(parsed("tcp://[::1]:0").host, "::1");
  EXPECT_EQ(parsed("tcp://[fe80::1%veth0]:65535").host, "fe80::1%veth0");
  EXPECT_EQ(parsed("tcp://[fe80::1%3]:65535").port, 65535);
}

TEST(service_address, is_the_path_of_a_unix_socket) {
  const auto x = parsed("unix:/run/chat");
  EXPECT_EQ(x, (service_address{.scheme = service_scheme::unix_stream, .path = "/run/chat"}));
  EXPECT_TRUE(x.is_unix());
  EXPECT_EQ(parsed("unixgram:@log").scheme, service_scheme::unix_datagram);
  EXPECT_EQ(parsed("unixgram:@log").path, "@log");
}

TEST(service_address, is_a_channel_of_an_irc_server) {
  const auto x = parsed("irc://chat.example:6667/pentad");
  EXPECT_EQ(x, (service_address{.scheme = service_scheme::irc,
                                .host = "chat.example",
                                .port = 6667,
                                .channel = "pentad"}));
  EXPECT_EQ(parsed("irc://[::1]:6667/#pentad").channel, "#pentad");
}

TEST(service_address, points_into_the_text_that_was_read) {
  const std::string text = "irc://example.org:6667/pentad";
  const auto x = parsed(text);
  EXPECT_EQ(x.host.data(), text.data() + 6);
  EXPECT_EQ(x.channel.data(), text.data() + 23);
}

TEST(service_address, keeps_the_text_it_was_read_from) {
  const std::string longest_label(63, 'a');
  for (const std::string& text :
       {std::string{"tcp://example.org:80"}, std::string{"tcp://localhost:0"},
        std::string{"tcp://example.org.:80"}, std::string{"tcp://4f2a9c1b2d3e:80"},
        std::string{"tcp://my_service-1:80"},
        std::string{"tcp://b\xc3\xbc"
                    "cher.example:80"},
        std::string{"udp://[fe80::1%veth0]:53"}, std::string{"tcp://[::ffff:1.2.3.4]:53"},
        std::string{"unix:relative/path with space"}, std::string{"unix:@"},
        std::string{"unixgram:/run/log"}, std::string{"irc://127.0.0.1:6667/pentad"},
        std::string{"irc://h:1/a/b"}, "tcp://" + longest_label + ".org:1"}) {
    EXPECT_EQ(to_string(parsed(text)), text);
  }
}

TEST(service_address, refuses_other_text) {
  const std::string long_label(64, 'a');
  std::string long_name;
  while (long_name.size() <= 253) long_name += "abcdefg.";
  long_name += "org";
  for (const std::string& text : {std::string{""},
                                  std::string{"tcp"},
                                  std::string{"tcp:"},
                                  std::string{"tcp://"},
                                  std::string{"example.org:80"},
                                  std::string{"http://example.org:80"},
                                  std::string{"TCP://example.org:80"},
                                  std::string{" tcp://example.org:80"},
                                  std::string{"tcp:example.org:80"},
                                  std::string{"tcp://example.org"},
                                  std::string{"tcp://example.org:"},
                                  std::string{"tcp://:80"},
                                  std::string{"tcp://example.org:65536"},
                                  std::string{"tcp://example.org:http"},
                                  std::string{"tcp://example.org:080"},
                                  std::string{"tcp://example.org:80/"},
                                  std::string{"tcp://example.org:80 "},
                                  std::string{"tcp://example..org:80"},
                                  std::string{"tcp://.:80"},
                                  std::string{"tcp://.org:80"},
                                  std::string{"tcp://-a:80"},
                                  std::string{"tcp://a-:80"},
                                  std::string{"tcp://a b:80"},
                                  std::string{"tcp://*:80"},
                                  std::string{"tcp://user@example.org:80"},
                                  std::string{"tcp://1.2.3:80"},
                                  std::string{"tcp://010.1.1.1:80"},
                                  std::string{"tcp://1.2.3.4.:80"},
                                  std::string{"tcp://2130706433:80"},
                                  std::string{"tcp://0x7f000001:80"},
                                  std::string{"tcp://1.2.3.0x4:80"},
                                  std::string{"tcp://::1:80"},
                                  std::string{"tcp://[::1]"},
                                  std::string{"tcp://[]:80"},
                                  std::string{"tcp://[1.2.3.4]:80"},
                                  std::string{"tcp://[example.org]:80"},
                                  std::string{"tcp://[fe80::1%]:80"},
                                  std::string{"tcp://[fe80::1%a/b]:80"},
                                  std::string{"tcp://[::1]]:80"},
                                  std::string{"unix:"},
                                  std::string{"unixgram:"},
                                  std::string{"unix:a\0b", 8},
                                  std::string{"irc://example.org:6667"},
                                  std::string{"irc://example.org:6667/"},
                                  std::string{"irc://example.org/pentad"},
                                  std::string{"irc://example.org:6667/a b"},
                                  std::string{"irc://example.org:6667/a,b"},
                                  std::string{"irc://example.org:6667/a\nb"},
                                  std::string{"irc://example.org:6667/a\a"},
                                  "tcp://" + long_label + ":80",
                                  "tcp://" + long_name + ":80"}) {
    const auto x = service_address::parse(text);
    ASSERT_FALSE(x) << '"' << text << '"';
    EXPECT_EQ(x.error(), errc::malformed_address) << '"' << text << '"';
  }
}

TEST(service_address, says_that_a_path_is_too_long) {
  EXPECT_EQ(service_address::parse("unix:/" + std::string(107, 'p')).error(),
            std::errc::filename_too_long);
}

}  // namespace
}  // namespace pentad
