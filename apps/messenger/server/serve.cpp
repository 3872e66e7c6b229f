#include "apps/messenger/server/serve.hpp"

#include <sys/resource.h>

#include <csignal>
#include <string>
#include <utility>
#include <vector>

#include "apps/messenger/server/listening.hpp"
#include "apps/messenger/server/service.hpp"

namespace pentad::messenger {
namespace {

/// Every client takes a descriptor, and the usual soft limit is 1,024 (getrlimit(2)).
void raise_file_limit() noexcept {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  static_cast<void>(::setrlimit(RLIMIT_NOFILE, &files));
}

}  // namespace

task<int> serve(host& here, serve_options options) {
  // First of all: looking up a name starts a thread.
  signal_set signals{SIGINT, SIGTERM};
  raise_file_limit();
  std::vector<stream_listener> listeners;
  for (const std::string& address : options.settings->listen) {
    std::expected<stream_listener, std::string> opened = co_await listen_on(here, address);
    if (!opened) {
      options.say("pentad serve: " + opened.error());
      co_return 1;
    }
    listeners.push_back(std::move(*opened));
  }
  for (const stream_listener& each : listeners) {
    options.say("listening on " + irc_address(each));
  }
  service running(here, *options.settings);
  const std::error_code failed = co_await running.run(listeners, signals);
  if (!failed) co_return 0;
  options.say("pentad serve: cannot accept connections: " + failed.message());
  co_return 1;
}

}  // namespace pentad::messenger
