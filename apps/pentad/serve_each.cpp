#include "apps/pentad/serve_each.hpp"

#include <utility>

#include "pentad/runtime/scope.hpp"

namespace pentad::command {

task<std::error_code> serve_each(stream_listener& listener, task<> (*serve)(stream_socket)) {
  std::error_code error;
  co_await in_scope([&](scope& all) -> task<> {
    for (;;) {
      result<stream_socket> peer = co_await listener.accept();
      if (!peer) {
        error = peer.error();
        break;
      }
      all.spawn(serve(std::move(*peer)));
    }
    all.cancel();
  });
  co_return error;
}

}  // namespace pentad::command
