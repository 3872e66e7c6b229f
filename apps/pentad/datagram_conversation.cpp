#include "apps/pentad/datagram_conversation.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "apps/pentad/advice.hpp"
#include "apps/pentad/service.hpp"
#include "pentad/runtime/when.hpp"

namespace pentad::command {
namespace {

// As large as a datagram can be, so that none is cut.
constexpr std::size_t largest_datagram = 65536;

}  // namespace

datagram_conversation::datagram_conversation(host& here, datagram_socket socket,
                                             std::optional<socket_address> destination,
                                             const datagram_settings& settings)
    : here_(here),
      socket_(std::move(socket)),
      has_destination_(destination.has_value()),
      settings_(settings),
      console_(settings.subcommand, duration::max()),
      has_heard_(destination.has_value()),
      last_moved_(here.now()) {
  if (destination) peers_.push_back(*destination);
}

task<int> datagram_conversation::hold() {
  const auto body = [this](scope& all) -> task<> {
    all.spawn(end_when_idle(settings_.timeout, exit_timed_out, all));
    if (!settings_.echo) {
      all.spawn(console_.read_input());
      all.spawn(send_input(all));
    }
    co_await write_received(all);
    all.cancel();
  };
  co_await in_scope(body);
  const int code = console_.finish();
  co_return code_ != exit_done ? code_ : code;
}

task<> datagram_conversation::send_input(scope& all) {
  fan_out::reader input(console_.input(), [] {});
  while (!has_heard_) {
    const result<void> heard = co_await hears_.wait();
    if (!heard) co_return;
  }
  for (;;) {
    const result<std::span<const std::byte>> unsent = co_await input.next();
    if (!unsent) co_return;
    if (unsent->empty()) break;
    const std::span<const std::byte> some =
        unsent->first(std::min(unsent->size(), settings_.batch * settings_.most_bytes));
    const bool sent = co_await send(some);
    if (!sent) {
      all.cancel();
      co_return;
    }
    input.consume(some.size());
  }
  if (!settings_.keep) all.spawn(end_when_idle(settings_.wait, exit_done, all));
}

// As many datagrams as it takes, to all peers.
task<bool> datagram_conversation::send(std::span<const std::byte> bytes) {
  std::vector<outgoing_datagram> pieces;
  for (; !bytes.empty(); bytes = bytes.subspan(pieces.back().bytes.size())) {
    pieces.push_back({.bytes = bytes.first(std::min(bytes.size(), settings_.most_bytes))});
  }
  const std::vector<socket_address> peers = peers_;
  if (peers.empty()) {
    fail("cannot send to a peer without a name",
         std::make_error_code(std::errc::destination_address_required));
    co_return false;
  }
  for (const socket_address& peer : peers) {
    for (outgoing_datagram& each : pieces) each.to = peer;
    std::span<const outgoing_datagram> unsent = pieces;
    while (!unsent.empty()) {
      const result<std::size_t> count = co_await socket_.send(unsent);
      if (!count) {
        fail("cannot send", count.error());
        co_return false;
      }
      unsent = unsent.subspan(*count);
    }
  }
  last_moved_ = here_.now();
  co_return true;
}

task<> datagram_conversation::write_received(scope& all) {
  const auto room = std::make_unique_for_overwrite<std::byte[]>(settings_.batch * largest_datagram);
  std::vector<datagram_slot> slots(settings_.batch);
  for (std::size_t i = 0; i != slots.size(); ++i) {
    slots[i].buffer = {room.get() + i * largest_datagram, largest_datagram};
  }
  for (;;) {
    const result<std::size_t> count = co_await socket_.receive(slots);
    if (!count) {
      // One of many peers is gone, not all.
      if (settings_.keep && count.error() == std::errc::connection_refused) continue;
      fail("cannot receive", count.error());
      break;
    }
    last_moved_ = here_.now();
    const bool goes_on = co_await take(std::span(slots).first(*count));
    if (!goes_on) break;
  }
  all.cancel();
}

task<bool> datagram_conversation::take(std::span<const datagram_slot> arrived) {
  if (settings_.echo) {
    const bool sent = co_await send_back(arrived);
    co_return sent;
  }
  for (const datagram_slot& each : arrived) {
    if (!is_from_a_peer(each.received.source)) continue;
    const result<void> written = co_await console_.output().write(each.received.bytes);
    if (!written) co_return false;
  }
  co_return true;
}

task<bool> datagram_conversation::send_back(std::span<const datagram_slot> arrived) {
  std::vector<outgoing_datagram> answers;
  for (const datagram_slot& each : arrived) {
    if (!is_from_a_peer(each.received.source)) continue;
    outgoing_datagram answer{.bytes = each.received.bytes};
    answer.to = each.received.source;
    // The asker expects the answer from the address that it asked, unless that was a group's.
    const std::optional<ip_address>& asked = each.received.destination;
    if (asked && !asked->is_multicast()) answer.from = asked;
    answers.push_back(answer);
  }
  std::span<const outgoing_datagram> unsent = answers;
  while (!unsent.empty()) {
    const result<std::size_t> count = co_await socket_.send(unsent);
    if (!count && count.error() == std::errc::operation_canceled) co_return false;
    // An answer that cannot be sent is lost, as any datagram may be.
    unsent = unsent.subspan(count.value_or(1));
  }
  co_return true;
}

bool datagram_conversation::is_from_a_peer(const socket_address& source) {
  if (has_destination_) return true;
  if (!std::exchange(has_heard_, true)) hears_.set();
  const bool is_unnamed = source.is_unix() && source.unix_path().is_unnamed();
  if (is_unnamed || std::ranges::find(peers_, source) != peers_.end()) return true;
  if (!settings_.keep && !peers_.empty()) return false;
  if (peers_.size() == most_peers) peers_.erase(peers_.begin());
  peers_.push_back(source);
  if (settings_.verbose) say("peer " + datagram_service_text(source));
  return true;
}

task<> datagram_conversation::end_when_idle(duration limit, int code, scope& all) {
  for (;;) {
    const duration idle = here_.now() - last_moved_;
    if (idle >= limit) break;
    if (const result<void> slept = co_await here_.sleep(limit - idle); !slept) co_return;
  }
  if (code != exit_done) {
    code_ = code;
    complain(settings_.subcommand, "nothing passed before the timeout");
  }
  all.cancel();
}

void datagram_conversation::fail(std::string_view doing, std::error_code error) {
  if (error == std::errc::operation_canceled || code_ != exit_done) return;
  code_ = exit_failed;
  const std::string_view advice =
      error == std::errc::connection_refused ? "Nobody receives there." : "";
  complain(settings_.subcommand, explain(doing, error, advice));
}

}  // namespace pentad::command
