#include "apps/messenger/demo/play.hpp"

#include "apps/messenger/demo/step_server.hpp"
#include "apps/messenger/demo/visitor.hpp"
#include "pentad/runtime/scope.hpp"

namespace pentad::messenger::demo {

task<> play_host_a(host& here, endpoint server, audience& told) {
  co_await visit(here, server, alices_part, told);
}

task<> play_host_b(host& here, endpoint address, audience& told) {
  result<stream_listener> listener = listen_by_steps(here, address, told);
  if (!listener) co_return;
  const result<socket_address> local = listener->local();
  const endpoint server = local ? local->ip() : address;
  told.hear({report::kind::listens, actor::server, {}, to_string(server), {}, {}});

  constexpr std::size_t guests = 2;
  co_await in_scope([&](scope& all) -> task<> {
    all.spawn(serve_by_steps(here, *listener, guests, told));
    co_await visit(here, server, bobs_part, told);
  });
}

}  // namespace pentad::messenger::demo
