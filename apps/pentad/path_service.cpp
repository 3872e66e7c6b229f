#include "apps/pentad/path_service.hpp"

#include <utility>

#include "apps/pentad/advice.hpp"
#include "apps/pentad/command.hpp"
#include "apps/pentad/path_echo.hpp"
#include "apps/pentad/serve_each.hpp"

namespace pentad::command {
namespace {

constexpr std::string_view subcommand = "listen";

int exit_code_of(std::error_code error, std::string_view doing) {
  if (error == std::errc::operation_canceled) return exit_done;
  complain(subcommand, explain(doing, error));
  return exit_failed;
}

task<int> serve_stream(stream_socket peer) {
  if (const result<void> set = peer.set({.path_tracing = true}); !set) {
    co_return exit_code_of(set.error(), "cannot trace the path");
  }
  const result<void> ended = co_await echo_with_times(path_channel(std::move(peer)));
  if (ended) co_return exit_done;
  co_return exit_code_of(ended.error(), "cannot answer");
}

// One peer of many: its end is nobody else's.
task<> serve_one_of_many(stream_socket peer) {
  [[maybe_unused]] const int code = co_await serve_stream(std::move(peer));
}

}  // namespace

task<int> serve_paths(stream_listener& listener, bool keep) {
  if (!keep) {
    result<stream_socket> peer = co_await listener.accept();
    if (!peer) co_return exit_code_of(peer.error(), "no connection came");
    listener.close();
    co_return co_await serve_stream(std::move(*peer));
  }
  const std::error_code error = co_await serve_each(listener, serve_one_of_many);
  co_return exit_code_of(error, "cannot accept connections");
}

task<int> serve_paths(datagram_socket socket) {
  const result<void> ended = co_await echo_with_times(path_channel(std::move(socket)));
  if (ended) co_return exit_done;
  co_return exit_code_of(ended.error(), "cannot answer");
}

}  // namespace pentad::command
