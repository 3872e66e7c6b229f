#include "apps/pentad/flow_server.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <expected>
#include <fstream>
#include <optional>
#include <string>

#include "apps/pentad/advice.hpp"
#include "apps/pentad/command.hpp"
#include "apps/pentad/flow_sockets.hpp"
#include "pentad/base/unix_endpoint.hpp"
#include "pentad/runtime/scope.hpp"

namespace pentad::command {
namespace {

using namespace std::chrono_literals;

// How long one listener may take, while the next ones wait.
constexpr duration patience = 2s;

constexpr std::size_t sent_at_once = 65536;

using told_or_not = std::expected<stream_listener, std::string>;

std::string name_of_this_process() {
  std::string name;
  std::getline(std::ifstream("/proc/self/comm"), name);
  return name;
}

told_or_not open_listener(native_host& here) {
  const std::string folder = flow_socket_folder();
  if (folder.empty()) return std::unexpected("XDG_RUNTIME_DIR is not set");
  if (const auto made = make_flow_socket_folder(folder); !made) {
    return std::unexpected(made.error());
  }
  const std::string path = flow_socket_path(folder, ::getpid());
  const result<unix_endpoint> name = unix_endpoint::parse(path);
  if (!name) return std::unexpected(explain(path, name.error()));
  const result<host*> machine = here.machine();
  if (!machine) return std::unexpected(explain("Linux's stack", machine.error()));
  result<stream_listener> listener = (*machine)->listen(*name);
  if (!listener) return std::unexpected(explain(path, listener.error()));
  if (::chmod(path.c_str(), 0600) != 0) {
    return std::unexpected(explain(path, std::error_code(errno, std::generic_category())));
  }
  return std::move(*listener);
}

// What the flows are is decided at once; the text of many is made and sent in parts.
task<result<>> tell(stream_socket& client, native_host& here, const flow_process& self) {
  result<std::vector<flow>> flows = here.flows();
  if (!flows) co_return failure(flows.error());
  std::string text;
  for (flow& each : *flows) {
    each.processes.push_back(self);
    text.append(to_json(each)).append("\n");
    if (text.size() < sent_at_once) continue;
    const result<> sent = co_await client.send(std::as_bytes(std::span(text)));
    if (!sent) co_return sent;
    text.clear();
  }
  co_return co_await client.send(std::as_bytes(std::span(text)));
}

}  // namespace

flow_server::flow_server(native_host& here) : here_(here) {
  told_or_not opened = open_listener(here);
  if (opened) {
    listener_ = std::move(*opened);
  } else {
    say("pentad flows will not show the flows of this program: " + opened.error());
  }
}

// One after the other, so that not more than one list is in memory. Nothing that goes wrong here is
// the program's matter.
task<> flow_server::serve() {
  const flow_process self{::getpid(), name_of_this_process()};
  for (;;) {
    result<stream_socket> client = co_await listener_->accept();
    if (!client) co_return;
    try {
      const result<> told = co_await tell(*client, here_, self).timeout(patience);
      if (!told) client->abort();
    } catch (const std::bad_alloc&) {
      client->abort();
    }
  }
}

task<int> flow_server::run(const std::function<task<int>(host&)>& program) {
  int code = exit_failed;
  co_await in_scope([&](scope& all) -> task<> {
    if (listener_) all.spawn(serve());
    code = co_await program(here_);
    all.cancel();
  });
  listener_.reset();
  co_return code;
}

}  // namespace pentad::command
