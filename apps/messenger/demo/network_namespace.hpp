// Networks of one's own: a process leaves the network of the machine for an empty one, which goes
// with the last process in it. See network_namespaces(7).
#pragma once

#include <sys/types.h>

#include "pentad/base/result.hpp"

namespace pentad::messenger::demo {

/// Who owns a network: root of the machine, or root of a user namespace that was made for it, which
/// everybody may be (user_namespaces(7)).
enum class network_owner : char { machine = 'm', user_namespace = 'u' };

/// Moves this process, which has one thread, to a network of its own. Errors: those of unshare(2);
/// `operation_not_permitted` where neither way is allowed.
result<network_owner> enter_own_network();

/// The same, beside the process `other`: whoever rules that one's network rules this one, too.
result<void> enter_own_network_beside(pid_t other, network_owner its_owner);

}  // namespace pentad::messenger::demo
