// Connections by name: the addresses are tried as they become known.

#include "pentad/socket/connection_race.hpp"
#include "pentad/socket/host.hpp"
#include "pentad/socket/resolver.hpp"

namespace pentad {
namespace {

// Hands what the resolver finds to the race.
class finder final : public resolution_observer {
 public:
  finder(resolver& names, connection_race& race, std::uint16_t port) noexcept
      : names_(names), race_(race), port_(port) {}

  task<> find(std::string name) {
    const result<std::vector<ip_address>> all = co_await names_.resolve(std::move(name), this);
    if (all) {
      offer(*all, true);
    } else {
      error_ = all.error();
      race_.give_up();
    }
  }

  void found(std::span<const ip_address> addresses) override { offer(addresses, false); }

  /// Why there are no addresses.
  std::error_code error() const noexcept { return error_; }

 private:
  void offer(std::span<const ip_address> addresses, bool complete) {
    std::vector<endpoint> candidates;
    for (const ip_address& each : addresses) candidates.emplace_back(each, port_);
    race_.offer(candidates, complete);
  }

  resolver& names_;
  connection_race& race_;
  std::uint16_t port_;
  std::error_code error_;
};

}  // namespace

task<result<stream_socket>> host::connect(std::string name, std::uint16_t port,
                                          connect_options options, connect_observer* observer) {
  connection_race race(*this, options, observer);
  finder finding(*resolver_, race, port);
  std::optional<result<stream_socket>> outcome;
  const auto body = [&](scope& all) -> task<> {
    all.spawn(finding.find(name));
    result<stream_socket> won = co_await race.run();
    outcome.emplace(std::move(won));
    all.cancel();
  };
  co_await in_scope(body);
  const bool none_tried = !*outcome && outcome->error() == std::errc::destination_address_required;
  if (none_tried) co_return failure(finding.error());
  co_return std::move(*outcome);
}

}  // namespace pentad
