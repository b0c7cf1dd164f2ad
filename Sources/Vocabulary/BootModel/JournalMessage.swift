/// The moments that systemd's journal is told of; the raw value is the `MESSAGE_ID` by which programs find them.
///
/// `system/systemd/catalog/lifeboot.catalog` explains each to people. An id never changes its meaning.
package enum JournalMessage: String, CaseIterable, Sendable {
    /// A boot entered the system that GRUB tries first, or that somebody chose.
    case booted = "8e8a9400e88f401eba55647070bcce81"
    /// A boot entered a system because what comes before it could not boot.
    case fellBack = "9b932baf21854f40863a2a272bda62dc"
    /// A boot was declared healthy.
    case healthy = "1d17ff4f12d84e3aab673939a0cb39d7"
    /// A boot is not healthy.
    case unhealthy = "72940140c5514bd0a0a8b2824306afb4"
    /// An upgrade counts from now on.
    case upgraded = "b5f293f904ab457ba354c8fa002ce453"
    /// A rollback counts from now on.
    case rolledBack = "cd8eb376dfb34379a0a3dc7b35dba7d3"
    /// A reset is done.
    case reset = "b2201ed74fcc4396adc925b8958be59e"
    /// A disk was completed with a system.
    case installed = "0634df7c0d294be0835b7792a3b7d2af"
    /// An operation failed; the machine is as it says.
    case failed = "0edf8c2ff4214b76ad0a8e15665e4e3b"

    /// How important it is (syslog(3)).
    package var priority: Int {
        switch self {
        case .unhealthy, .failed: 3
        case .fellBack: 4
        case .booted, .healthy, .upgraded, .rolledBack, .reset, .installed: 5
        }
    }
}
