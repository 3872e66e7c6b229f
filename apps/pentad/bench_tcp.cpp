#include "apps/pentad/bench_tcp.hpp"

#include <array>
#include <span>
#include <string>
#include <utility>

#include "apps/pentad/command.hpp"
#include "apps/pentad/serve_each.hpp"
#include "apps/pentad/service.hpp"
#include "apps/pentad/short_text.hpp"
#include "pentad/base/byte_order.hpp"
#include "pentad/runtime/monotonic_clock.hpp"
#include "pentad/socket/receive_exactly.hpp"

namespace pentad::command {
namespace {

using namespace std::chrono_literals;

// A connection begins with one of these, which the server repeats.
constexpr std::byte echo{'e'};
constexpr std::byte count{'c'};

constexpr std::size_t part_size = 262'144;

task<result<>> send_back(stream_socket& peer) {
  for (;;) {
    const result<received> bytes = co_await peer.receive();
    if (!bytes) co_return failure(bytes.error());
    if (bytes->empty()) co_return result<>();
    const result<> sent = co_await peer.send(bytes->bytes());
    if (!sent) co_return sent;
  }
}

task<result<>> tell_how_many(stream_socket& peer) {
  std::uint64_t sum = 0;
  for (;;) {
    const result<received> bytes = co_await peer.receive();
    if (!bytes) co_return failure(bytes.error());
    if (bytes->empty()) break;
    sum += bytes->bytes().size();
  }
  std::array<std::byte, 8> text;
  store_be64(text.data(), sum);
  co_return co_await peer.send(text);
}

// What goes wrong with one peer is told to that peer by the end of its connection.
task<> serve_peer(stream_socket peer) {
  std::array<std::byte, 1> mode{};
  const result<> asked = co_await receive_exactly(peer, mode);
  if (!asked || (mode[0] != echo && mode[0] != count)) co_return;
  const result<> agreed = co_await peer.send(mode);
  if (!agreed) co_return;
  if (mode[0] == echo) {
    const result<> done = co_await send_back(peer);
    static_cast<void>(done);
  } else {
    const result<> done = co_await tell_how_many(peer);
    static_cast<void>(done);
  }
}

task<result<stream_socket>> agree(host& here, service_address at, std::byte mode) {
  result<stream_socket> peer = co_await connect_to(here, at, false);
  if (!peer) co_return failure(peer.error());
  const std::array<std::byte, 1> asked{mode};
  std::array<std::byte, 1> answer{};
  const result<> sent = co_await peer->send(asked);
  if (!sent) co_return failure(sent.error());
  const result<> heard = co_await receive_exactly(*peer, answer);
  if (!heard) co_return failure(heard.error());
  if (answer != asked) co_return failure(std::errc::protocol_error);
  co_return std::move(*peer);
}

task<result<>> exchange_messages(stream_socket& peer, const bench_settings& settings,
                                 bench_outcome& outcome) {
  const std::vector<std::byte> message(settings.message_size);
  std::vector<std::byte> back(settings.message_size);
  const instant start = monotonic_now();
  bench_progress progress(start, settings);
  for (instant now = start; now - start < settings.time;) {
    const result<> sent = co_await peer.send(message);
    if (!sent) co_return sent;
    const result<> heard = co_await receive_exactly(peer, back);
    if (!heard) co_return heard;
    const instant after = monotonic_now();
    outcome.round_trips.add(after - now);
    now = after;
    if (progress.is_due(now)) {
      say(short_number(per_second(outcome.round_trips.count(), now - start)) + " messages/s");
    }
  }
  outcome.messages_time = monotonic_now() - start;
  co_return result<>();
}

task<result<>> send_bytes(stream_socket& peer, const bench_settings& settings,
                          bench_outcome& outcome) {
  const std::vector<std::byte> part(part_size);
  const instant start = monotonic_now();
  bench_progress progress(start, settings);
  std::uint64_t total = 0;
  for (instant now = start; now - start < settings.time; now = monotonic_now()) {
    const result<> sent = co_await peer.send(part);
    if (!sent) co_return sent;
    total += part.size();
    if (progress.is_due(now)) say(short_number(8 * per_second(total, now - start)) + "bit/s");
  }
  const result<> ended = peer.shutdown(direction::send);
  if (!ended) co_return ended;
  std::array<std::byte, 8> sum{};
  const result<> heard = co_await receive_exactly(peer, sum);
  if (!heard) co_return heard;
  outcome.bytes = load_be64(sum.data());
  outcome.bytes_time = monotonic_now() - start;
  if (outcome.bytes != total) co_return failure(std::errc::protocol_error);
  co_return result<>();
}

}  // namespace

task<result<>> serve_tcp_bench(stream_listener& listener) {
  co_return failure(co_await serve_each(listener, serve_peer));
}

task<result<>> measure_tcp(host& here, service_address at, bench_settings settings,
                           bench_outcome& outcome) {
  result<stream_socket> echoing = co_await agree(here, at, echo);
  if (!echoing) co_return failure(echoing.error());
  const result<> exchanged = co_await exchange_messages(*echoing, settings, outcome);
  if (!exchanged) co_return exchanged;
  echoing->close();
  result<stream_socket> counting = co_await agree(here, at, count);
  if (!counting) co_return failure(counting.error());
  co_return co_await send_bytes(*counting, settings, outcome);
}

}  // namespace pentad::command
