// What a user can do about an error.
#pragma once

#include <string>
#include <string_view>
#include <system_error>

namespace pentad::command {

/// `WHAT: MESSAGE OF THE ERROR`, and below it the advice if there is some.
std::string explain(std::string_view what, std::error_code error, std::string_view advice = {});

// Each is empty when there is nothing to advise.

/// `address` is the text of what could not be connected to or listened on.
std::string advice_on_connecting(std::error_code error, std::string_view address);
std::string advice_on_listening(std::error_code error, std::string_view address);

/// On why Linux's stack cannot be used.
std::string_view advice_on_stack(std::error_code error);

}  // namespace pentad::command
