// A host on Pentad's own stack behind a TAP device.
#pragma once

#include <memory>
#include <string_view>

#include "pentad/socket/host.hpp"

namespace pentad {

/// `text` is what follows `native:` in the text that `make_host` takes. Errors: as there.
result<std::unique_ptr<host>> make_native_host(std::string_view text);

}  // namespace pentad
