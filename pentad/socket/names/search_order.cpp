#include "pentad/socket/names/search_order.hpp"

#include <algorithm>

#include "pentad/socket/names/host_name.hpp"

namespace pentad::names {

std::vector<std::string> search_order(std::string_view name,
                                      const resolver_configuration& configuration) {
  std::vector<std::string> order;
  if (name.ends_with('.')) {  // it is complete
    order.emplace_back(name.substr(0, name.size() - 1));
    return order;
  }
  const auto dots = static_cast<std::size_t>(std::ranges::count(name, '.'));
  const bool first_as_it_is = dots >= configuration.dots;
  if (first_as_it_is) order.emplace_back(name);
  for (const std::string& domain : configuration.search) {
    std::string completed = std::string(name).append(".").append(domain);
    if (completed.size() <= longest_name) order.push_back(std::move(completed));
  }
  if (!first_as_it_is) order.emplace_back(name);
  return order;
}

}  // namespace pentad::names
