// Pentad: sockets for C++, from program to wire. Everything that a program needs.
#pragma once

#include "pentad/base/error.hpp"
#include "pentad/base/five_tuple.hpp"
#include "pentad/base/socket_address.hpp"
#include "pentad/hosts/make_host.hpp"
#include "pentad/hosts/run_per_core.hpp"
#include "pentad/runtime/blocking.hpp"
#include "pentad/runtime/descriptor.hpp"
#include "pentad/runtime/event.hpp"
#include "pentad/runtime/scope.hpp"
#include "pentad/runtime/shielded.hpp"
#include "pentad/runtime/signal_set.hpp"
#include "pentad/runtime/sleep.hpp"
#include "pentad/runtime/task.hpp"
#include "pentad/runtime/when.hpp"
#include "pentad/socket/host.hpp"
