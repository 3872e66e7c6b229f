#include "apps/pentad/flow_look.hpp"

#include <iterator>
#include <utility>

#include "apps/pentad/advice.hpp"
#include "apps/pentad/flow_sockets.hpp"
#include "apps/pentad/native_flows.hpp"

namespace pentad::command {

task<flow_look> look_at_flows(host& here, const flow_filter& filter) {
  flow_look look;
  result<std::vector<flow>> own = here.flows();
  if (own) {
    look.flows = std::move(*own);
  } else {
    look.failed = true;
    look.complaints.push_back(explain("cannot read the flows of Linux", own.error()));
  }
  const std::string folder = flow_socket_folder();
  if (!folder.empty()) {
    native_flows told = co_await ask_native_flows(here, folder);
    std::ranges::move(told.flows, std::back_inserter(look.flows));
    std::ranges::move(told.complaints, std::back_inserter(look.complaints));
  }
  std::erase_if(look.flows, [&](const flow& each) { return !filter.matches(each); });
  co_return look;
}

}  // namespace pentad::command
