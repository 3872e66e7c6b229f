#include "apps/pentad/bench_udp.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "apps/pentad/bench_datagram.hpp"
#include "apps/pentad/command.hpp"
#include "apps/pentad/service.hpp"
#include "apps/pentad/short_text.hpp"
#include "pentad/runtime/monotonic_clock.hpp"

namespace pentad::command {
namespace {

using namespace std::chrono_literals;
using kind = bench_datagram::kind;

constexpr duration patience = 200ms;  // for one answer
constexpr int most_tries = 10;        // to reach the server at all

// Of a send that is to be cut up: the stack does not do it, or not into pieces as large as these.
bool is_refusal(std::error_code error) {
  return error == std::errc::operation_not_supported || error == std::errc::invalid_argument ||
         error == std::errc::message_size || error == std::errc::io_error;
}

class bench_client {
 public:
  bench_client(host& here, datagram_socket connected, const bench_settings& settings)
      : socket_(std::move(connected)),
        settings_(settings),
        run_(here.random()),
        question_(settings.message_size),
        answer_(bench_datagram::largest) {}

  /// Questions and answers, one at a time.
  task<result<>> exchange_messages(bench_outcome& outcome) {
    const result<bench_datagram> reached = co_await ask({.what = kind::question, .run = run_});
    if (!reached) co_return failure(reached.error());
    const instant start = monotonic_now();
    bench_progress progress(start, settings_);
    std::uint64_t number = 1;
    for (instant now = start; now - start < settings_.time; ++number) {
      const result<bench_datagram> answer =
          co_await ask_once({.what = kind::question, .run = run_, .number = number});
      const instant after = monotonic_now();
      if (answer) {
        outcome.round_trips.add(after - now);
      } else if (answer.error() == std::errc::timed_out) {
        ++outcome.lost;
      } else {
        co_return failure(answer.error());
      }
      now = after;
      if (progress.is_due(now)) {
        say(short_number(per_second(outcome.round_trips.count(), now - start)) + " messages/s");
      }
    }
    outcome.messages_time = monotonic_now() - start;
    co_return result<>();
  }

  /// Messages one way as fast as the stack takes them; then the server tells what came.
  task<result<>> send_one_way(bench_outcome& outcome) {
    const std::size_t at_once = std::clamp<std::size_t>(most_at_once / question_.size(), 1, 64);
    std::vector<std::byte> many(at_once * question_.size());
    for (std::size_t i = 0; i != at_once; ++i) {
      bench_datagram{.what = kind::one_way, .run = run_}.write(
          std::span(many).subspan(i * question_.size(), question_.size()));
    }
    bench_messages& messages = outcome.one_way.emplace();
    const instant start = monotonic_now();
    bench_progress progress(start, settings_);
    for (instant now = start; now - start < settings_.time; now = monotonic_now()) {
      const result<> sent = co_await send(many);
      if (!sent) co_return sent;
      messages.sent += at_once;
      if (progress.is_due(now)) {
        say(short_number(per_second(messages.sent, now - start)) + " messages/s sent");
      }
    }
    outcome.bytes_time = monotonic_now() - start;
    const result<bench_datagram> told = co_await ask({.what = kind::ask, .run = run_});
    if (!told) co_return failure(told.error());
    messages.received = told->messages;
    outcome.bytes = told->bytes;
    co_return result<>();
  }

 private:
  // So much is a segmented send of one Ethernet frame each, within what one IP packet can carry.
  static constexpr std::size_t most_at_once = 60'000;

  task<result<bench_datagram>> ask(bench_datagram what) {
    result<bench_datagram> answer = failure(std::errc::timed_out);
    for (int tries = 0; tries != most_tries; ++tries) {
      answer = co_await ask_once(what);
      if (answer || answer.error() != std::errc::timed_out) break;
    }
    co_return answer;
  }

  task<result<bench_datagram>> ask_once(bench_datagram what) {
    what.write(question_);
    const result<> sent = co_await socket_.send(question_);
    if (!sent) co_return failure(sent.error());
    const kind wanted = what.what == kind::ask ? kind::told : kind::answer;
    for (const instant until = monotonic_now() + patience;;) {
      const auto got = co_await socket_.receive(answer_).timeout(until - monotonic_now());
      if (!got) co_return failure(got.error());
      const std::optional<bench_datagram> read = bench_datagram::parse(got->bytes);
      const bool fits = read && read->what == wanted && read->run == what.run;
      if (fits && (wanted == kind::told || read->number == what.number)) co_return *read;
    }
  }

  // In one call where the stack cuts it up, else one by one.
  task<result<>> send(std::span<const std::byte> many) {
    if (is_cut_up_ && many.size() > question_.size()) {
      const outgoing_datagram message{.bytes = many, .segment_size = question_.size()};
      const result<> sent = co_await socket_.send(message);
      if (sent || !is_refusal(sent.error())) co_return sent;
      is_cut_up_ = false;
    }
    for (std::size_t at = 0; at != many.size(); at += question_.size()) {
      const result<> sent = co_await socket_.send(many.subspan(at, question_.size()));
      if (!sent) co_return sent;
    }
    co_return result<>();
  }

  datagram_socket socket_;
  const bench_settings& settings_;
  std::uint64_t run_;
  std::vector<std::byte> question_;
  std::vector<std::byte> answer_;
  bool is_cut_up_ = true;
};

}  // namespace

task<result<>> measure_udp(host& here, service_address at, bench_settings settings,
                           bench_outcome& outcome) {
  const auto addresses = co_await addresses_of(here, at);
  if (!addresses) co_return failure(addresses.error());
  const socket_address& peer = addresses->front();
  result<datagram_socket> opened =
      here.datagram(endpoint(ip_address::any(peer.ip().address.version()), 0));
  if (!opened) co_return failure(opened.error());
  const result<> connected = opened->connect(peer);
  if (!connected) co_return failure(connected.error());
  bench_client client(here, std::move(*opened), settings);
  const result<> exchanged = co_await client.exchange_messages(outcome);
  if (!exchanged) co_return exchanged;
  co_return co_await client.send_one_way(outcome);
}

}  // namespace pentad::command
