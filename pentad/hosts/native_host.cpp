#include "pentad/hosts/native_host.hpp"

#include <fstream>
#include <iterator>
#include <span>
#include <utility>
#include <vector>

#include "pentad/base/siphash.hpp"
#include "pentad/hosts/be_configured.hpp"
#include "pentad/hosts/leases.hpp"
#include "pentad/hosts/native_card.hpp"
#include "pentad/hosts/native_failure.hpp"
#include "pentad/hosts/random_seed.hpp"
#include "pentad/hosts/told_names.hpp"
#include "pentad/runtime/epoll_engine.hpp"
#include "pentad/runtime/uring_engine.hpp"
#include "pentad/socket/name_service.hpp"
#include "pentad/stack/kernel/epoll_stack.hpp"
#include "pentad/stack/kernel/uring_stack.hpp"
#include "pentad/stack/native/host_stack/native_stack.hpp"

namespace pentad {
namespace {

// What the host stands on, from the bottom to the top: each must be there before the next and go
// after it.
struct native_parts {
  std::unique_ptr<uring_engine> uring;  // one of the two drives the loop
  std::unique_ptr<epoll_engine> epoll;
  std::unique_ptr<event_loop> loop;
  std::unique_ptr<stack> linux_stack;  // goes after the card: it waits for all that the driver does
  std::unique_ptr<host> machine;
  std::unique_ptr<packet_pool> packets;
  std::shared_ptr<recording_file> recording;
  std::vector<native_card> cards;
  std::unique_ptr<native::native_stack> network;

  engine& driver() const noexcept {
    if (uring) return *uring;
    return *epoll;
  }
};

void add_line(std::string& lines, const std::string& added) {
  if (!lines.empty() && !added.empty()) lines += "\n";
  lines += added;
}

name_service::live_configuration names_told_to(native::native_stack& network,
                                               const native_text& wanted) {
  const auto names = std::make_shared<told_names>(wanted, network.network());
  return [names] { return names->current(); };
}

class device_host final : private native_parts, public native_host {
 public:
  device_host(native_parts parts, const native_text& wanted, std::string commands)
      : native_parts(std::move(parts)),
        native_host(*native_parts::loop, *network, random_seed(),
                    name_service(names_told_to(*network, wanted), fill_with_secrets)),
        wanted_(wanted),
        commands_(std::move(commands)) {}
  ~device_host() override;

  std::string commands_for_linux() const override { return commands_; }
  std::string receiving() const override { return lines_of(&native_card::receiving); }
  std::string losses() const override { return lines_of(&native_card::losses); }

  result<host*> machine() override;

  result<void> flush_recording() override {
    return recording ? recording->flush() : result<void>();
  }

 private:
  std::string lines_of(std::string (native_card::*what)() const) const {
    std::string lines;
    for (const native_card& each : cards) add_line(lines, (each.*what)());
    return lines;
  }

  const native_text wanted_;
  std::string commands_;
};

device_host::~device_host() {
  // The one that was remembered at the beginning may be another by now.
  static_cast<void>(remember_leases(network->network(), wanted_));
  give_leases_back(*native_parts::loop, *network);
}

result<host*> device_host::machine() {
  if (native_parts::machine) return native_parts::machine.get();
  if (uring) {
    result<std::unique_ptr<kernel::uring_stack>> opened =
        kernel::uring_stack::open(*uring, *native_parts::loop);
    if (!opened) return failure(opened.error());
    linux_stack = std::move(*opened);
  } else {
    linux_stack = std::make_unique<kernel::epoll_stack>(*epoll, *native_parts::loop);
  }
  native_parts::machine = std::make_unique<host>(*native_parts::loop, *linux_stack, random_seed());
  return native_parts::machine.get();
}

result<> make_engine(native_parts& parts, duration spin) {
  result<std::unique_ptr<uring_engine>> uring = uring_engine::open(spin);
  if (uring) {
    parts.uring = std::move(*uring);
    return {};
  }
  result<std::unique_ptr<epoll_engine>> epoll = epoll_engine::open(spin);
  if (!epoll) return failure(epoll.error());
  parts.epoll = std::move(*epoll);
  return {};
}

// The same on each run of the same host, and nobody else's (RFC 7217, section 5).
std::uint64_t address_secret(const native_text& wanted) {
  std::ifstream file("/etc/machine-id");
  const std::string id{std::istreambuf_iterator<char>(file), {}};
  if (id.empty()) return random_seed();
  siphash hash({0x70656e7461642073U, 0x7461626c65206970U});
  hash.add(std::as_bytes(std::span(id)));
  for (const card_text& each : wanted.cards) {
    hash.add(std::as_bytes(std::span(each.interface())));
  }
  return hash.finish();
}

}  // namespace

std::expected<std::unique_ptr<native_host>, native_host_error> native_host::open(
    const native_text& wanted) {
  native_parts parts;
  if (const result<> made = make_engine(parts, wanted.spin); !made) {
    return native_failed_to("wait for events", made.error());
  }
  parts.loop = std::make_unique<event_loop>(parts.driver());
  parts.packets = std::make_unique<packet_pool>();

  if (!wanted.record.empty()) {
    auto recording = recording_file::create(wanted.record);
    if (!recording) return native_failed_to("record to " + wanted.record, recording.error());
    parts.recording = std::move(*recording);
  }
  const card_surroundings here{*parts.loop, *parts.packets, *parts.driver().descriptors(),
                               parts.recording};
  std::string commands;
  for (const card_text& each : wanted.cards) {
    auto card = native_card::open(each, wanted, here);
    if (!card) return std::unexpected(card.error());
    add_line(commands, card->commands());
    parts.cards.push_back(std::move(*card));
  }

  native::core_settings settings;
  settings.seed = random_seed();
  // A program listens as soon as it runs. Who named the address vouches for it, as for Linux's end.
  settings.duplicates.solicitations = 0;
  settings.routers.secret = address_secret(wanted);
  settings.routers.most_delay = duration::zero();  // a program waits
  parts.network = std::make_unique<native::native_stack>(
      *parts.loop, *parts.packets, settings, native::tcp_settings{.congestion = wanted.congestion});
  for (std::size_t i = 0; i != wanted.cards.size(); ++i) {
    const card_text& each = wanted.cards[i];
    parts.network->add(parts.cards[i].card(), interface_of(each), each.interface());
  }
  if (const auto done = be_configured(*parts.loop, *parts.network, wanted); !done) {
    return std::unexpected(done.error());
  }
  if (const auto done = remember_leases(parts.network->network(), wanted); !done) {
    return std::unexpected(done.error());
  }
  return std::make_unique<device_host>(std::move(parts), wanted, std::move(commands));
}

}  // namespace pentad
