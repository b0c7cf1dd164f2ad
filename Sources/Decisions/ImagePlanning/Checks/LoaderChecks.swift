/// Questions about the loaders that a distribution has had signed (docs/secure-boot.md).
enum LoaderChecks {
    private static let folder = "usr/lib/lifeboot/grub/"

    static let all: [ImageCheck] = [
        ImageCheck(
            "signed-loaders", .error, "only one of shim and the GRUB that it starts is among the loaders of the image",
            remedy: "Put shim and GRUB of one release of the distribution into /usr/lib/lifeboot/grub, or neither."
        ) { facts in
            LoaderNames.all.compactMap { names in
                let missing = [names.shim, names.grub].filter { !facts.tree.hasFile(folder + $0) }
                return missing.count == 1 ? "there is no /\(folder)\(missing[0]), and the other one is there" : nil
            }
        },
        ImageCheck(
            "signed-kernel", .warning,
            "the loaders are signed, and the kernel is not: with Secure Boot it does not start",
            remedy: "Take the distribution's signed kernel, or leave shim out of /usr/lib/lifeboot/grub."
        ) { facts in
            guard LoaderNames.all.contains(where: { facts.tree.hasFile(folder + $0.shim) }), let kernel = facts.kernel,
                let header = kernel.header, !header.isSigned
            else { return [] }
            return ["/\(kernel.path) has no signature, and firmware starts shim, which asks for one with Secure Boot"]
        },
    ]
}
