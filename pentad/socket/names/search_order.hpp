// Which names are asked for when a program asks for one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pentad/socket/resolver_configuration.hpp"

namespace pentad::names {

/// The names that `name`, one of `to_host_name`, may stand for, in the order in which to try them
/// (resolv.conf(5): search, ndots), none with a dot at its end.
std::vector<std::string> search_order(std::string_view name,
                                      const resolver_configuration& configuration);

}  // namespace pentad::names
