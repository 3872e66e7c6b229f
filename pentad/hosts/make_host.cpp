#include "pentad/hosts/make_host.hpp"

#include "pentad/base/error.hpp"
#include "pentad/hosts/host_text.hpp"
#include "pentad/hosts/native_host.hpp"
#include "pentad/hosts/random_seed.hpp"
#include "pentad/runtime/epoll_engine.hpp"
#include "pentad/runtime/uring_engine.hpp"
#include "pentad/socket/name_service.hpp"
#include "pentad/stack/kernel/epoll_stack.hpp"
#include "pentad/stack/kernel/uring_stack.hpp"

namespace pentad {
namespace {

// What a host of Linux's stack stands on; it must be there before the host and go after it.
struct kernel_parts {
  std::unique_ptr<engine> driver;
  std::unique_ptr<event_loop> loop;
  std::unique_ptr<stack> network;
};

class kernel_host final : private kernel_parts, public host {
 public:
  explicit kernel_host(kernel_parts parts)
      : kernel_parts(std::move(parts)),
        host(*kernel_parts::loop, *network, random_seed(),
             name_service(resolver_files(), fill_with_secrets)) {}
};

result<kernel_parts> make_epoll(duration spin) {
  result<std::unique_ptr<epoll_engine>> driver = epoll_engine::open(spin);
  if (!driver) return failure(driver.error());
  auto loop = std::make_unique<event_loop>(**driver);
  auto network = std::make_unique<kernel::epoll_stack>(**driver, *loop);
  return kernel_parts{std::move(*driver), std::move(loop), std::move(network)};
}

result<kernel_parts> make_uring(duration spin) {
  result<std::unique_ptr<uring_engine>> driver = uring_engine::open(spin);
  if (!driver) return failure(driver.error());
  auto loop = std::make_unique<event_loop>(**driver);
  result<std::unique_ptr<kernel::uring_stack>> network = kernel::uring_stack::open(**driver, *loop);
  if (!network) return failure(network.error());
  return kernel_parts{std::move(*driver), std::move(loop), std::move(*network)};
}

result<kernel_parts> make_parts(const host_text& wanted) {
  if (wanted.engine == engine_kind::epoll) return make_epoll(wanted.spin);
  result<kernel_parts> made = make_uring(wanted.spin);
  if (!made && wanted.engine == engine_kind::best) return make_epoll(wanted.spin);
  return made;
}

result<std::unique_ptr<host>> make_native_host(std::string_view text) {
  const auto wanted = native_text::parse(text);
  if (!wanted) return failure(errc::malformed_host);
  auto made = native_host::open(*wanted);
  if (!made) return failure(made.error().code);
  return std::unique_ptr<host>(std::move(*made));
}

}  // namespace

result<std::unique_ptr<host>> make_host(std::string_view text) {
  constexpr std::string_view native = "native:";
  if (text.starts_with(native)) return make_native_host(text.substr(native.size()));
  const result<host_text> wanted = host_text::parse(text);
  if (!wanted) return failure(wanted.error());
  result<kernel_parts> parts = make_parts(*wanted);
  if (!parts) return failure(parts.error());
  return std::unique_ptr<host>(std::make_unique<kernel_host>(std::move(*parts)));
}

kernel_choice probe_kernel() {
  const result<kernel_parts> made = make_uring(duration::zero());
  return {made.has_value(), made ? std::error_code() : made.error()};
}

}  // namespace pentad
