// A resolver and the two name servers that it asks, on any stack. A stack that wants to be tested
// instantiates the suite `resolver_`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pentad/hosts/random_seed.hpp"
#include "pentad/socket/resolver.hpp"
#include "tests/socket/name_server.hpp"
#include "tests/socket/stack_under_test.hpp"

namespace pentad::test {

class resolver_ : public on_each_stack {
 public:
  using found = result<std::vector<ip_address>>;

 protected:
  /// Asks the servers of `configuration`; both that are here if it has none.
  resolver& names() {
    if (!made_) {
      if (configuration.servers.empty()) {
        configuration.servers = {first.address(), second.address()};
      }
      made_.emplace(client(), name_service(configuration, secrets));
    }
    return *made_;
  }

  /// What `program`, which is given no chance to outlive its servers, returns.
  template <class T>
  T with_servers(task<T> program) {
    return run(serve_during(std::move(program)));
  }

  /// The outcome of resolving `name`.
  found resolved(const std::string& name) { return with_servers(names().resolve(name, nullptr)); }

  static name_server::answers always(const std::vector<ip_address>& addresses) {
    return [=](const dns_inquiry& to) { return std::vector{addresses_for(to, addresses)}; };
  }
  static name_server::answers always(std::uint16_t code) {
    return
        [=](const dns_inquiry& to) { return std::vector{reply_to(to, dns::reply | code).text()}; };
  }

  /// An address where nobody is asked.
  endpoint nobody() {
    const datagram_socket gone = must(server().datagram(server_any()));
    return must(gone.local()).ip();
  }
  endpoint server_any() { return {stack().server_address(ip_version::v4, 0), 0}; }

  resolver_configuration configuration;
  name_service::secret_source secrets = fill_with_secrets;
  name_server first{server(), stack().server_address(ip_version::v4, 0)};
  name_server second{server(), stack().server_address(ip_version::v4, 1)};

 private:
  template <class T>
  task<T> serve_during(task<T> program) {
    std::optional<T> outcome;
    const auto body = [&](scope& all) {
      first.serve(all);
      second.serve(all);
      return keep(program, outcome, all);
    };
    co_await in_scope(body);
    co_return std::move(*outcome);
  }

  template <class T>
  static task<> keep(task<T>& program, std::optional<T>& outcome, scope& all) {
    outcome.emplace(co_await program);
    all.cancel();
  }

  std::optional<resolver> made_;
};

}  // namespace pentad::test
