#include "pentad/inspect/tcp_probe.hpp"

#include <gtest/gtest.h>

#include <array>

#include "pentad/wire/tcp.hpp"

namespace pentad {
namespace {

const endpoint here(ip_address::v4(10, 9, 0, 1), 50000);
const endpoint there(ip_address::v4(10, 9, 0, 2), 443);
constexpr std::uint32_t sequence = 0xffff'ffff;  // whose successor is 0

std::array<std::byte, tcp_probe::size()> probe() {
  std::array<std::byte, tcp_probe::size()> segment;
  tcp_probe{here, there, sequence}.emit(segment);
  return segment;
}

std::array<std::byte, 20> answer(wire::tcp_flags flags, std::uint32_t acknowledged) {
  std::array<std::byte, 20> segment;
  wire::tcp_header header{.source_port = there.port,
                          .destination_port = here.port,
                          .sequence = wire::tcp_sequence(99),
                          .acknowledgment = wire::tcp_sequence(acknowledged),
                          .flags = flags,
                          .options = {}};
  header.emit(segment, {there.address, here.address, ip_protocol::tcp}, {});
  return segment;
}

TEST(tcp_probe_, is_a_syn_with_a_correct_checksum) {
  const auto segment = probe();
  const auto read = wire::tcp_view::parse(segment, {here.address, there.address, ip_protocol::tcp});
  ASSERT_TRUE(read);
  EXPECT_EQ(read->flags(), wire::tcp_syn);
  EXPECT_EQ(read->source_port(), here.port);
  EXPECT_EQ(read->destination_port(), there.port);
  EXPECT_EQ(read->sequence().number(), sequence);
}

TEST(tcp_probe_, is_answered_by_who_listens_and_by_who_does_not) {
  const auto open = tcp_probe_answer::parse(answer(wire::tcp_syn | wire::tcp_ack, 0), sequence);
  ASSERT_TRUE(open);
  EXPECT_TRUE(open->is_open);
  EXPECT_EQ(open->probe_port, here.port);
  EXPECT_EQ(open->service_port, there.port);
  const auto closed = tcp_probe_answer::parse(answer(wire::tcp_rst | wire::tcp_ack, 0), sequence);
  ASSERT_TRUE(closed);
  EXPECT_FALSE(closed->is_open);
}

TEST(tcp_probe_, is_not_answered_by_other_segments) {
  EXPECT_FALSE(tcp_probe_answer::parse(answer(wire::tcp_ack, 0), sequence));
  EXPECT_FALSE(tcp_probe_answer::parse(answer(wire::tcp_rst, 0), sequence));
  EXPECT_FALSE(tcp_probe_answer::parse(answer(wire::tcp_syn | wire::tcp_ack, 1), sequence));
  EXPECT_FALSE(tcp_probe_answer::parse({}, sequence));
}

TEST(tcp_probe_, is_known_by_its_first_eight_bytes) {
  const auto segment = probe();
  const auto quoted = tcp_probe_answer::parse_quoted(std::span(segment).first(8), sequence);
  ASSERT_TRUE(quoted);
  EXPECT_EQ(quoted->probe_port, here.port);
  EXPECT_EQ(quoted->service_port, there.port);
  EXPECT_FALSE(tcp_probe_answer::parse_quoted(std::span(segment).first(7), sequence));
  EXPECT_FALSE(tcp_probe_answer::parse_quoted(segment, sequence - 1));
}

}  // namespace
}  // namespace pentad
