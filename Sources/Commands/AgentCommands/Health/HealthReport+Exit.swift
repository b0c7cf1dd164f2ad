import BootHealth

extension HealthReport {
    /// What `lifeboot mark-good` ends with.
    var exitStatus: AgentExit {
        switch verdict {
        case .good: .success
        case .unhealthy: rebootHelps ? .negative : .negativeWithoutReboot
        case .checking, .unchecked, .unsaved: .undetermined
        }
    }
}
