// UDP by Pentad, on the stack HOST:
//
//   pentad_udp HOST echo PORT             one datagram a call
//   pentad_udp HOST batch PORT            up to 64 datagrams a call
//   pentad_udp HOST sink PORT SECONDS     receives one way, and prints how many a second
//   pentad_udp HOST coalesced PORT SECONDS   the same, many of them in one buffer
//   pentad_udp HOST segmented PORT SECONDS   sends one way, many of them in one buffer

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "pentad/pentad.hpp"

namespace {

using namespace pentad;

constexpr std::size_t size = 64;
constexpr std::size_t room = 2048;

result<datagram_socket> open(host& here, std::uint16_t port, bool coalesce) {
  datagram_options options{.receive_buffer = 4 << 20};
  if (coalesce) options.coalesce = true;
  const endpoint local(ip_address::loopback(ip_version::v4), port);
  result<datagram_socket> opened = here.datagram(local, options);
  if (opened) {
    std::puts("ready");
    std::fflush(stdout);
  }
  return opened;
}

task<int> echo(host& here, std::uint16_t port) {
  result<datagram_socket> socket = open(here, port, false);
  if (!socket) co_return 1;
  std::array<std::byte, room> buffer;
  for (;;) {
    auto got = co_await socket->receive(buffer);
    if (!got) co_return 1;
    auto sent = co_await socket->send(got->bytes, got->source);
    if (!sent) co_return 1;
  }
}

task<int> echo_batches(host& here, std::uint16_t port) {
  result<datagram_socket> socket = open(here, port, false);
  if (!socket) co_return 1;
  std::vector<std::array<std::byte, room>> memory(64);
  std::vector<datagram_slot> slots(64);
  for (std::size_t i = 0; i < 64; ++i) slots[i].buffer = memory[i];
  std::vector<outgoing_datagram> answers(64);
  for (;;) {
    auto got = co_await socket->receive(slots);
    if (!got) co_return 1;
    for (std::size_t i = 0; i < *got; ++i) {
      answers[i] = {.bytes = slots[i].received.bytes, .to = slots[i].received.source};
    }
    auto sent = co_await socket->send(std::span<const outgoing_datagram>(answers).first(*got));
    if (!sent) co_return 1;
  }
}

// From the first datagram on.
task<int> sink(host& here, std::uint16_t port, double seconds, bool coalesce) {
  result<datagram_socket> socket = open(here, port, coalesce);
  if (!socket) co_return 1;
  std::vector<std::byte> buffer(65'536);
  auto first = co_await socket->receive(buffer);
  if (!first) co_return 1;
  const auto began = std::chrono::steady_clock::now();
  double elapsed = 0;
  std::uint64_t count = 0;
  while (elapsed < seconds) {
    for (int i = 0; i < 64; ++i) {
      auto got = co_await socket->receive(buffer);
      if (!got) co_return 1;
      count += (got->size + size - 1) / size;
    }
    elapsed = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  }
  std::printf("%.0f\n", static_cast<double>(count) / elapsed);
  co_return 0;
}

task<int> send_segmented(host& here, std::uint16_t port, double seconds) {
  auto socket = here.datagram(endpoint(ip_address::loopback(ip_version::v4), 0));
  if (!socket) co_return 1;
  if (!socket->connect(endpoint(ip_address::loopback(ip_version::v4), port))) co_return 1;
  const std::vector<std::byte> bytes(size * 64);  // as many segments as Linux takes in one call
  outgoing_datagram many{.bytes = bytes};
  many.segment_size = size;
  const std::chrono::duration<double> length(seconds);
  const auto end = std::chrono::steady_clock::now() + length;
  while (std::chrono::steady_clock::now() < end) {
    // The receiver may be gone already.
    [[maybe_unused]] auto sent = co_await socket->send(many);
  }
  co_return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  auto here = make_host(argv[1]);
  if (!here) return 1;
  const std::string_view mode = argv[2];
  const auto port = static_cast<std::uint16_t>(std::atoi(argv[3]));
  const double seconds = argc > 4 ? std::atof(argv[4]) : 1;
  const auto run = [&](task<int> program) { return (*here)->run(std::move(program)).value_or(1); };
  if (mode == "echo") return run(echo(**here, port));
  if (mode == "batch") return run(echo_batches(**here, port));
  if (mode == "sink") return run(sink(**here, port, seconds, false));
  if (mode == "coalesced") return run(sink(**here, port, seconds, true));
  if (mode == "segmented") return run(send_segmented(**here, port, seconds));
  return 2;
}
