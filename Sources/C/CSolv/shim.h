#pragma once
#include <solv/pool.h>
#include <solv/poolid.h>
#include <solv/queue.h>
#include <solv/repo.h>
#include <solv/rules.h>
#include <solv/solver.h>
#include <solv/problems.h>
