// Reading the kernel's tables of sockets: whole, again when they changed meanwhile, and never
// beyond what was answered.
#include "pentad/stack/kernel/sock_diag.hpp"

#include <gtest/gtest.h>

#include <cerrno>

#include "pentad/stack/kernel/netlink.hpp"
#include "tests/stack/diag_replies.hpp"

namespace pentad::kernel::test {
namespace {

constexpr inet_sockets tcp{flow_kind::stream, ip_protocol::tcp};

std::span<const std::byte> raw(const auto& structure) {
  return std::as_bytes(std::span(&structure, 1));
}

bytes connection(std::uint16_t port, std::uint32_t sequence = 1,
                 std::uint16_t flags = NLM_F_MULTI) {
  const inet_diag_msg body = connection_v4(port);
  return message(SOCK_DIAG_BY_FAMILY, raw(body), sequence, flags);
}

result<std::vector<flow>> dump(std::deque<scripted_port::script> scripts) {
  scripted_port port(std::move(scripts));
  return dump_inet(port, ip_version::v4, tcp);
}

std::errc error_of(const result<std::vector<flow>>& dumped) {
  return dumped ? std::errc() : static_cast<std::errc>(dumped.error().value());
}

TEST(sock_diag, asks_for_all_sockets_of_a_kind) {
  scripted_port port({{done()}, {done()}, {done()}});
  ASSERT_TRUE(dump_inet(port, ip_version::v6, {flow_kind::datagram, ip_protocol::udp}));
  ASSERT_TRUE(dump_inet(port, ip_version::v4, {flow_kind::raw, {}}));
  ASSERT_TRUE(dump_unix(port));
  ASSERT_EQ(port.requests.size(), 3U);
  std::span<const std::byte> rest = port.requests[0];
  const netlink_message asked = take_message(rest).value();
  EXPECT_TRUE(rest.empty());
  EXPECT_EQ(asked.type, SOCK_DIAG_BY_FAMILY);
  EXPECT_EQ(asked.flags, NLM_F_REQUEST | NLM_F_DUMP);
  const auto udp = read_structure<inet_diag_req_v2>(asked.payload).value();
  EXPECT_EQ(udp.sdiag_family, AF_INET6);
  EXPECT_EQ(udp.sdiag_protocol, IPPROTO_UDP);
  rest = port.requests[1];
  const auto all_raw = read_structure<inet_diag_req_v2>(take_message(rest)->payload).value();
  EXPECT_EQ(all_raw.sdiag_protocol, IPPROTO_RAW);
}

TEST(sock_diag, reads_many_messages_in_many_datagrams) {
  const auto flows = dump(
      {{joined({connection(1), connection(2)}), connection(3), joined({connection(4), done()})}});
  ASSERT_TRUE(flows);
  ASSERT_EQ(flows->size(), 4U);
  for (std::uint16_t i = 0; i < 4; ++i) EXPECT_EQ(flows->at(i).local.ip().port, i + 1);
}

TEST(sock_diag, does_a_dump_again_that_was_interrupted) {
  constexpr std::uint16_t interrupted = NLM_F_MULTI | NLM_F_DUMP_INTR;
  const auto flows = dump({{connection(1), connection(2, 1, interrupted), done()},
                           {connection(1, 2), done(2, 0, interrupted)},
                           {connection(3, 3), done(3)}});
  ASSERT_TRUE(flows);
  ASSERT_EQ(flows->size(), 1U);
  EXPECT_EQ(flows->at(0).local.ip().port, 3);
}

TEST(sock_diag, gives_up_on_a_table_that_always_changes) {
  std::deque<scripted_port::script> scripts;
  for (std::uint32_t i = 1; i < 100; ++i) scripts.push_back({done(i, 0, NLM_F_DUMP_INTR)});
  EXPECT_EQ(error_of(dump(scripts)), std::errc::resource_unavailable_try_again);
}

TEST(sock_diag, leaves_out_answers_to_somebody_else) {
  const auto flows = dump({{connection(1, 99), refused(99, -ENOENT), connection(2), done()}});
  ASSERT_TRUE(flows);
  EXPECT_EQ(flows->size(), 1U);
}

TEST(sock_diag, has_the_errors_of_the_kernel) {
  EXPECT_EQ(error_of(dump({{refused(1, -ENOENT)}})), std::errc::no_such_file_or_directory);
  EXPECT_EQ(error_of(dump({{connection(1), done(1, -ENOENT)}})),
            std::errc::no_such_file_or_directory);
  EXPECT_EQ(error_of(dump({{refused(1, 5)}})), std::errc::bad_message);
  EXPECT_EQ(error_of(dump({{connection(1)}})), std::errc::timed_out) << "of the port";
  EXPECT_EQ(error_of(dump({})), std::errc::not_connected);
}

TEST(sock_diag, refuses_what_is_too_short) {
  const bytes whole = joined({connection(1), done()});
  const std::size_t first = connection(1).size();
  for (std::size_t size = 1; size < whole.size(); ++size) {
    if (size == first) continue;
    const bytes part(whole.begin(), whole.begin() + static_cast<long>(size));
    EXPECT_EQ(error_of(dump({{part, done()}})), std::errc::bad_message) << size;
  }
  const inet_diag_msg body = connection_v4(1);
  const bytes short_body = message(SOCK_DIAG_BY_FAMILY, raw(body).first(sizeof body - 1));
  EXPECT_EQ(error_of(dump({{short_body, done()}})), std::errc::bad_message);
  EXPECT_EQ(error_of(dump({{message(NLMSG_ERROR, {}), done()}})), std::errc::bad_message);
}

TEST(sock_diag, refuses_lengths_that_lie) {
  for (const std::uint32_t length : {0U, 1U, 15U, 89U, 0xffffffffU}) {
    bytes lie = connection(1);
    std::memcpy(lie.data(), &length, sizeof length);
    EXPECT_EQ(error_of(dump({{lie, done()}})), std::errc::bad_message) << length;
  }
}

// The kernel of this machine, whichever it is.
TEST(sock_diag, has_an_answer_of_the_kernel) {
  result<netlink_socket> port = netlink_socket::open(NETLINK_SOCK_DIAG);
  if (!port) GTEST_SKIP() << "netlink is forbidden here: " << port.error().message();
  const auto flows = dump_unix(*port);
  ASSERT_TRUE(flows) << flows.error().message();
  for (const flow& each : *flows) EXPECT_TRUE(each.inode);
}

}  // namespace
}  // namespace pentad::kernel::test
