#include "pentad/hosts/native_host.hpp"

#include <utility>

#include "pentad/hosts/native_text.hpp"
#include "pentad/hosts/random_seed.hpp"
#include "pentad/nic/tap.hpp"
#include "pentad/runtime/epoll_engine.hpp"
#include "pentad/runtime/uring_engine.hpp"
#include "pentad/stack/native/host_stack/native_stack.hpp"

namespace pentad {
namespace {

// What the host stands on; it must be there before the host and go after it.
struct native_parts {
  std::unique_ptr<engine> driver;
  std::unique_ptr<event_loop> loop;
  std::unique_ptr<packet_pool> packets;
  std::unique_ptr<tap_nic> card;
  std::unique_ptr<native::native_stack> network;
};

class native_host final : private native_parts, public host {
 public:
  explicit native_host(native_parts parts)
      : native_parts(std::move(parts)), host(*native_parts::loop, *network, random_seed()) {}
};

result<std::unique_ptr<engine>> make_engine() {
  result<std::unique_ptr<uring_engine>> uring = uring_engine::open(duration::zero());
  if (uring) return std::unique_ptr<engine>(std::move(*uring));
  result<std::unique_ptr<epoll_engine>> epoll = epoll_engine::open(duration::zero());
  if (!epoll) return failure(epoll.error());
  return std::unique_ptr<engine>(std::move(*epoll));
}

}  // namespace

result<std::unique_ptr<host>> make_native_host(std::string_view text) {
  const result<native_text> wanted = native_text::parse(text);
  if (!wanted) return failure(wanted.error());
  result<std::unique_ptr<engine>> driver = make_engine();
  if (!driver) return failure(driver.error());
  native_parts parts;
  parts.driver = std::move(*driver);
  parts.loop = std::make_unique<event_loop>(*parts.driver);
  parts.packets = std::make_unique<packet_pool>();
  result<std::unique_ptr<tap_nic>> card =
      tap_nic::open(wanted->tap, *parts.packets, *parts.driver->descriptors());
  if (!card) return failure(card.error());
  parts.card = std::move(*card);
  for (const link_address& each : wanted->host_addresses) {
    const result<void> configured = configure_link(wanted->tap, each);
    if (!configured) return failure(configured.error());
  }
  native::core_settings settings;
  settings.seed = random_seed();
  parts.network =
      std::make_unique<native::native_stack>(*parts.loop, *parts.packets, settings);
  native::interface_settings interface;
  for (const link_address& each : wanted->addresses) {
    interface.addresses.push_back({each.address, each.prefix_length});
  }
  interface.gateways = wanted->gateways;
  parts.network->add(*parts.card, std::move(interface));
  return std::unique_ptr<host>(std::make_unique<native_host>(std::move(parts)));
}

}  // namespace pentad
