#include "apps/messenger/server/serve.hpp"

#include <sys/resource.h>

#include <csignal>
#include <string>
#include <utility>
#include <vector>

#include "apps/messenger/server/housekeeper.hpp"
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

/// SIGHUP ends a program whose terminal has gone; one with a configuration file reads it again.
signal_set signals_for(const serve_options& options) {
  if (options.file.empty()) return signal_set{SIGINT, SIGTERM};
  return signal_set{SIGINT, SIGTERM, SIGHUP};
}

}  // namespace

task<int> serve(host& here, serve_options options) {
  // First of all: looking up a name starts a thread.
  signal_set signals = signals_for(options);
  raise_file_limit();
  configuration settings = *options.settings;
  housekeeper keeper(settings, options.file, options.listen_given, options.say);
  auto bans = keeper.open();
  if (!bans) {
    options.say("pentad serve: " + bans.error());
    co_return 2;
  }
  std::vector<stream_listener> listeners;
  for (const std::string& address : settings.listen) {
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
  service running(here, settings, keeper);
  running.desk().restore(*std::move(bans));
  const std::error_code failed = co_await running.run(listeners, signals);
  if (!failed) co_return 0;
  options.say("pentad serve: cannot accept connections: " + failed.message());
  co_return 1;
}

}  // namespace pentad::messenger
