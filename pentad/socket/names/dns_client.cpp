#include "pentad/socket/names/dns_client.hpp"

#include <algorithm>

#include "pentad/base/error.hpp"
#include "pentad/runtime/stop_check.hpp"
#include "pentad/socket/host.hpp"

namespace pentad::names {
namespace {

known_addresses knowledge_of(reply& last) {
  switch (last.kind) {
    case reply_kind::addresses:
      return std::move(last.addresses);
    case reply_kind::no_name:
      return failure(errc::name_not_found);
    case reply_kind::no_address:
      return failure(errc::name_has_no_address);
    default:
      return failure(errc::name_failed);
  }
}

// Whether asking another server would fail as well.
bool is_of_this_host(std::error_code error) noexcept {
  const auto is = [&](std::errc each) { return error == each; };
  return is(std::errc::too_many_files_open) || is(std::errc::too_many_files_open_in_system) ||
         is(std::errc::not_enough_memory) || is(std::errc::no_buffer_space) ||
         is(std::errc::function_not_supported) || error == errc::name_not_found;
}

}  // namespace

// RFC 6891, section 7: who does not understand EDNS is asked without.
task<result<reply>> dns_client::ask_server(const resolver_configuration& configuration,
                                           const exchange& first) {
  result<reply> got = co_await ask(here_, first, secrets_).timeout(configuration.timeout);
  if (!got || got->kind != reply_kind::not_understood) co_return got;
  exchange second = first;
  second.extended = false;
  co_return co_await ask(here_, second, secrets_).timeout(configuration.timeout);
}

task<result<reply>> dns_client::ask_servers(const resolver_configuration& configuration,
                                            const question& asked) {
  const std::size_t count = configuration.servers.size();
  const std::size_t first = configuration.rotate ? first_server_++ : 0;
  std::error_code error = count == 0 ? errc::no_name_server : errc::name_try_again;
  for (std::size_t i = 0; i < count * configuration.attempts; ++i) {
    exchange wanted(configuration.servers[(first + i) % count], asked);
    wanted.use_tcp = configuration.use_tcp;
    result<reply> got = co_await ask_server(configuration, wanted);
    const result<void> wanted_still = co_await stop_check();
    if (!wanted_still) co_return failure(wanted_still.error());
    if (!got && is_of_this_host(got.error())) co_return got;
    if (!got) continue;
    const bool is_answer =
        got->kind != reply_kind::failed && got->kind != reply_kind::not_understood;
    if (is_answer) co_return std::move(*got);
    error = errc::name_failed;
  }
  co_return failure(error);
}

// Who asks for all. However that ends, those who wait go on.
class dns_client::leader {
 public:
  leader(dns_client& of, shared_configuration by, const question& asked)
      : client_(of), led_(std::make_shared<inquiry>(std::move(by), asked)) {
    client_.running_.push_back(led_);
  }
  ~leader() {
    std::erase(client_.running_, led_);
    for (std::size_t i = 0; i != led_->waiting; ++i) led_->ended.set();
  }
  leader(const leader&) = delete;
  leader& operator=(const leader&) = delete;

  void found(const known_addresses& outcome) { led_->outcome = outcome; }

 private:
  dns_client& client_;
  shared_inquiry led_;
};

dns_client::shared_inquiry dns_client::find_running(const shared_configuration& by,
                                                    const question& asked) const {
  const auto found = std::ranges::find_if(
      running_, [&](const shared_inquiry& each) { return each->by == by && each->asked == asked; });
  return found != running_.end() ? *found : nullptr;
}

task<known_addresses> dns_client::look_up(shared_configuration configuration, question asked) {
  const known_addresses* const known = cache_.find(asked, here_.now());
  if (known != nullptr) co_return *known;
  for (;;) {
    const shared_inquiry running = find_running(configuration, asked);
    if (!running) break;
    ++running->waiting;
    const result<void> ended = co_await running->ended.wait();
    --running->waiting;
    if (!ended) co_return failure(ended.error());
    if (running->outcome) co_return *running->outcome;
    // Who asked was stopped, which is no answer for others: one of them asks anew.
  }
  leader asking(*this, configuration, asked);
  known_addresses found = co_await follow(*configuration, asked);
  const result<void> wanted_still = co_await stop_check();
  if (found || wanted_still) asking.found(found);
  co_return found;
}

/// From alias to alias.
task<known_addresses> dns_client::follow(const resolver_configuration& configuration,
                                         question asked) {
  question next = asked;
  duration lifetime = duration::max();
  for (unsigned aliases = 0; aliases <= most_aliases;) {
    result<reply> got = co_await ask_servers(configuration, next);
    if (!got) co_return failure(got.error());
    lifetime = std::min(lifetime, got->lifetime);
    if (got->kind != reply_kind::alias) {
      known_addresses found = knowledge_of(*got);
      cache_.keep(asked, found, lifetime, here_.now());
      co_return found;
    }
    aliases += got->aliases;
    next.name = std::move(got->alias);
  }
  co_return failure(errc::name_failed);  // a circle
}

}  // namespace pentad::names
