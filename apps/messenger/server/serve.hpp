// The messaging server as a program.
#pragma once

#include <string_view>

#include "apps/messenger/server/configuration.hpp"
#include "pentad/runtime/task.hpp"
#include "pentad/socket/host.hpp"

namespace pentad::messenger {

struct serve_options {
  const configuration* settings;       ///< to begin with; must outlive the task
  void (*say)(std::string_view line);  ///< takes lines for whoever started the server
  std::string_view file = {};          ///< that the settings came from, read again on SIGHUP
  bool listen_given = false;           ///< where to listen does not come from the file
};

/// Serves on `here` until SIGINT or SIGTERM (and SIGHUP, when there is no file to read again), then
/// tells every client and ends within two seconds. Says where it listens, one line `listening on
/// irc://HOST:PORT` for each address, or what is wrong. Raises the process's limit of open files as
/// far as it may. Returns what the process ends with: 0, or 1 when it could not listen or not
/// accept, 2 when a file that it needs is wrong.
task<int> serve(host& here, serve_options options);

}  // namespace pentad::messenger
