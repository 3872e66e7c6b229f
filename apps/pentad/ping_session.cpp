#include "apps/pentad/ping_session.hpp"

#include <array>
#include <memory>
#include <utility>

#include "apps/pentad/send_despite_errors.hpp"

namespace pentad::command {
namespace {

// A whole IP packet, and more than that is not.
constexpr std::size_t largest_message = 65536;

std::vector<std::byte> pattern(std::size_t size) {
  std::vector<std::byte> made(size);
  for (std::size_t i = 0; i != size; ++i) made[i] = static_cast<std::byte>(i);
  return made;
}

}  // namespace

ping_session::ping_session(host& here, icmp_socket socket, const ip_address& target,
                           const ping_settings& settings, const ping_report& report,
                           output_stream& output)
    : here_(here),
      socket_(std::move(socket)),
      target_(target),
      settings_(settings),
      report_(report),
      output_(output),
      data_(pattern(settings.data_bytes)) {}

task<> ping_session::run() {
  co_await in_scope([this](scope& all) -> task<> {
    all.spawn(hear_replies(all));
    all.spawn(hear_errors(all));
    all.spawn(give_up_late_ones(all));
    co_await ask(all);
  });
}

task<> ping_session::ask(scope& all) {
  const instant start = here_.now();
  for (std::uint64_t asked = 0; settings_.count == 0 || asked != settings_.count; ++asked) {
    const instant due = start + settings_.interval * static_cast<duration::rep>(asked);
    if (const instant now = here_.now(); due > now) {
      const result<void> slept = co_await here_.sleep(due - now);
      if (!slept) co_return;
    }
    const std::uint16_t sequence = ledger_.sent(here_.now());
    const result<void> sent = co_await send(sequence);
    if (sent) continue;
    if (sent.error() == std::errc::operation_canceled) co_return;
    const std::uint64_t number = ledger_.failed(sequence).value_or(0);
    co_await print(report_.error(number, {.code = sent.error(), .is_local = true}), all);
  }
  has_asked_all_ = true;
  if (is_over()) all.cancel();
}

task<result<void>> ping_session::send(std::uint16_t sequence) {
  const icmp_echo request{.identifier = socket_.identifier(), .sequence = sequence, .data = data_};
  request_.resize(request.size());
  request.emit(target_.version(), request_);
  const outgoing_datagram message{.bytes = request_, .to = endpoint(target_, 0)};
  co_return co_await send_despite_errors(socket_.socket(), message);
}

task<> ping_session::hear_replies(scope& all) {
  const auto buffer = std::make_unique_for_overwrite<std::byte[]>(largest_message);
  for (int failures = 0; failures != most_errors_in_a_row;) {
    const result<received_datagram> got =
        co_await socket_.socket().receive({buffer.get(), largest_message});
    if (!got) {
      if (got.error() == std::errc::operation_canceled) co_return;
      ++failures;
      continue;
    }
    failures = 0;
    const std::optional<std::uint16_t> sequence = socket_.replied(got->bytes);
    if (!sequence) continue;
    const auto answer = ledger_.answered(*sequence, here_.now());
    if (!answer) continue;
    co_await print(report_.reply(*got, *answer), all);
    if (is_over()) all.cancel();
  }
  all.cancel();
}

task<> ping_session::hear_errors(scope& all) {
  std::array<std::byte, 64> quoted;
  for (int failures = 0; failures != most_errors_in_a_row;) {
    const result<datagram_error> got = co_await socket_.socket().receive_error(quoted);
    if (!got) {
      if (got.error() == std::errc::operation_canceled) co_return;
      ++failures;
      continue;
    }
    failures = 0;
    const std::optional<std::uint16_t> sequence = socket_.quoted(got->bytes);
    if (!sequence) continue;
    const std::uint64_t number = ledger_.failed(*sequence).value_or(0);
    co_await print(report_.error(number, *got), all);
    if (is_over()) all.cancel();
  }
}

task<> ping_session::give_up_late_ones(scope& all) {
  for (;;) {
    const std::optional<echo_ledger::waiting> oldest = ledger_.oldest_waiting();
    // While nothing waits, nothing that is sent later is late before this.
    duration rest = settings_.patience;
    if (oldest) rest -= here_.now() - oldest->since;
    if (oldest && rest <= duration::zero()) {
      ledger_.give_up(oldest->number);
      co_await print(report_.lost(oldest->number, settings_.patience), all);
      if (is_over()) all.cancel();
      continue;
    }
    const result<void> slept = co_await here_.sleep(rest);
    if (!slept) co_return;
  }
}

task<> ping_session::print(std::string line, scope& all) {
  const result<void> written = co_await output_.write(std::as_bytes(std::span(line)));
  if (!written) all.cancel();
}

}  // namespace pentad::command
