// Questions to the name servers of a host: which of them is asked, how often, and what of their
// replies is remembered.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "pentad/runtime/event.hpp"
#include "pentad/runtime/task.hpp"
#include "pentad/socket/names/dns_cache.hpp"
#include "pentad/socket/names/dns_exchange.hpp"

namespace pentad::names {

class dns_client {
 public:
  using shared_configuration = std::shared_ptr<const resolver_configuration>;

  dns_client(host& here, const name_service& service) : here_(here), secrets_(service.secrets()) {}

  /// The addresses of one name and version, aliases followed. Those who want to know the same at
  /// the same time are answered by one question. Errors: `errc::name_not_found`,
  /// `errc::name_has_no_address`; `errc::name_failed`, a server said that it failed and none knew
  /// better; `errc::name_try_again`, no server answered; `errc::no_name_server`;
  /// `operation_canceled`, `timed_out`.
  task<known_addresses> look_up(shared_configuration configuration, question asked);

  /// Forgets what servers have said.
  void forget() { cache_.clear(); }

 private:
  class leader;

  /// What is being asked for already.
  struct inquiry {
    inquiry(shared_configuration by_, const question& asked_) : by(std::move(by_)), asked(asked_) {}

    shared_configuration by;
    question asked;
    std::optional<known_addresses> outcome;  // nothing if whoever asked was stopped
    std::size_t waiting = 0;
    event ended;
  };
  using shared_inquiry = std::shared_ptr<inquiry>;

  shared_inquiry find_running(const shared_configuration& by, const question& asked) const;
  task<known_addresses> follow(const resolver_configuration& configuration, question asked);
  task<result<reply>> ask_servers(const resolver_configuration& configuration,
                                  const question& asked);
  task<result<reply>> ask_server(const resolver_configuration& configuration,
                                 const exchange& first);

  host& here_;
  name_service::secret_source secrets_;
  dns_cache cache_;
  std::vector<shared_inquiry> running_;
  std::size_t first_server_ = 0;  // of the next question, when they rotate
};

}  // namespace pentad::names
