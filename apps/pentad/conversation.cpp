#include "apps/pentad/conversation.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "apps/pentad/advice.hpp"
#include "pentad/runtime/when.hpp"

namespace pentad::command {
namespace {

constexpr std::size_t piece_size = 65536;

// The quintuple; of a Unix connection the end that has a name.
std::string name_of(const stream_socket& peer) {
  if (const std::optional<five_tuple> tuple = peer.tuple()) return to_string(*tuple);
  for (const result<socket_address>& end : std::array{peer.remote(), peer.local()}) {
    if (end && end->is_unix() && !end->unix_path().is_unnamed()) return to_string(*end);
  }
  return "connection";
}

std::string seconds(duration length) {
  std::string text = std::to_string(std::chrono::duration<double>(length).count());
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text + " s";
}

}  // namespace

conversation::conversation(host& here, stream_socket peer, const conversation_settings& settings,
                           console& streams)
    : here_(here),
      peer_(std::move(peer)),
      settings_(settings),
      console_(streams),
      name_(name_of(peer_)),
      last_moved_(here.now()) {}

task<> conversation::hold() {
  if (settings_.verbose) say("connected " + name_);
  const auto body = [this](scope& all) -> task<> {
    all.spawn(end_when_idle(settings_.timeout, exit_timed_out, all));
    if (settings_.echo) {
      co_await send_back();
    } else {
      co_await when_all(send_input(all), write_received(all));
    }
    all.cancel();
  };
  co_await in_scope(body);
  if (settings_.verbose) {
    say("closed " + name_ + ": " + std::to_string(received_) + " bytes received, " +
        std::to_string(peer_.sent()) + " sent");
  }
  if (incomplete_) {
    peer_.abort();
  } else {
    peer_.close();
  }
}

task<> conversation::send_input(scope& all) {
  fan_out::reader input(console_.input(), [this, &all] {
    end_with(exit_failed, "it does not take what it is sent");
    all.cancel();
  });
  for (;;) {
    const result<std::span<const std::byte>> unsent = co_await input.next();
    if (!unsent) co_return;
    if (unsent->empty()) break;
    const auto piece = unsent->first(std::min(unsent->size(), piece_size));
    // When that fails, what the peer sent before it went is still to be received.
    if (const result<void> sent = co_await send(piece); !sent) co_return;
    input.consume(piece.size());
  }
  // Fails only when the peer is gone, which the other direction reports.
  [[maybe_unused]] const result<void> told = peer_.shutdown(direction::send);
}

task<> conversation::write_received(scope& all) {
  const auto buffer = std::make_unique_for_overwrite<std::byte[]>(piece_size);
  for (;;) {
    const result<std::size_t> count = co_await receive({buffer.get(), piece_size});
    if (!count) break;
    if (*count == 0) {
      all.spawn(end_when_idle(settings_.half_closed_timeout, exit_done, all));
      co_return;
    }
    const result<void> written = co_await console_.output().write({buffer.get(), *count});
    if (!written) break;
  }
  all.cancel();
}

task<> conversation::send_back() {
  const auto buffer = std::make_unique_for_overwrite<std::byte[]>(piece_size);
  for (;;) {
    const result<std::size_t> count = co_await receive({buffer.get(), piece_size});
    if (!count || *count == 0) co_return;
    const result<void> sent = co_await send({buffer.get(), *count});
    if (!sent) co_return;
  }
}

task<> conversation::end_when_idle(duration limit, int code, scope& all) {
  for (;;) {
    const duration idle = here_.now() - last_moved_;
    if (idle >= limit) break;
    if (const result<void> slept = co_await here_.sleep(limit - idle); !slept) co_return;
  }
  if (code != exit_done) end_with(code, "nothing passed for " + seconds(limit));
  all.cancel();
}

task<result<std::size_t>> conversation::receive(std::span<std::byte> buffer) {
  const result<std::size_t> count = co_await peer_.receive(buffer);
  if (count) {
    received_ += *count;
    last_moved_ = here_.now();
  } else {
    fail("cannot receive", count.error());
  }
  co_return count;
}

task<result<void>> conversation::send(std::span<const std::byte> bytes) {
  const result<void> sent = co_await peer_.send(bytes);
  if (sent) {
    last_moved_ = here_.now();
  } else {
    incomplete_ = true;
    fail("cannot send", sent.error());
  }
  co_return sent;
}

void conversation::fail(std::string_view doing, std::error_code error) {
  // Somebody else has ended the conversation and knows why.
  if (error == std::errc::operation_canceled) return;
  end_with(exit_failed, explain(doing, error));
}

void conversation::end_with(int code, const std::string& why) {
  if (code_ != exit_done) return;
  code_ = code;
  complain(settings_.subcommand, name_ + ": " + why);
}

task<int> converse(host& here, stream_socket peer, const conversation_settings& settings) {
  console streams(settings.subcommand, duration::max());
  conversation one(here, std::move(peer), settings, streams);
  co_await in_scope([&](scope& all) -> task<> {
    if (!settings.echo) all.spawn(streams.read_input());
    co_await one.hold();
    all.cancel();
  });
  const int code = streams.finish();
  co_return one.code() != exit_done ? one.code() : code;
}

}  // namespace pentad::command
