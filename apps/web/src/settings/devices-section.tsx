import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { t } from '../i18n/t.ts';
import { readRegistered } from '../notifications/registered-device.ts';
import { useSession } from '../session/session-store.ts';
import { formatFull } from '../time/format-time.ts';
import { errorWords } from '../trpc/reason-words.ts';
import { useTRPC } from '../trpc/trpc.ts';
import type { Device } from '../trpc/types.ts';
import { Button } from '../ui/button.tsx';
import { localStore } from '../ui/local-store.ts';
import { Notice, RetryNotice } from '../ui/notice.tsx';
import { useToasts } from '../ui/use-toasts.ts';
import { Section } from './section.tsx';

/** The person's devices that receive pushes. Nothing where the server sends none. */
export function DevicesSection() {
  const client = useQueryClient();
  const trpc = useTRPC();
  const devices = useQuery(trpc.devices.list.queryOptions({}));
  const own = readRegistered(localStore, useSession()?.userId ?? '')?.deviceUuid;
  const list = useRef<HTMLUListElement>(null);
  const { show } = useToasts();
  const remove = useMutation(
    trpc.devices.remove.mutationOptions({
      onSettled: () => client.invalidateQueries(trpc.devices.list.pathFilter()),
    }),
  );
  const { data } = devices;
  if (data?.publicKey === null) return null;
  return (
    <Section title={t('push.devices')}>
      <p className="text-muted">{t('push.devices.hint')}</p>
      {devices.error && !data ? (
        <RetryNotice
          words={`${t('push.devices.notLoaded')} ${errorWords(devices.error)}`}
          onRetry={() => void devices.refetch()}
        />
      ) : null}
      {data?.items.length === 0 ? <p>{t('push.devices.none')}</p> : null}
      <ul ref={list} tabIndex={-1} aria-label={t('push.devices')} className="outline-none">
        {data?.items.map((device) => (
          <DeviceRow
            key={device.deviceUuid}
            device={device}
            isOwn={device.deviceUuid === own}
            isBusy={remove.isPending && remove.variables.deviceUuid === device.deviceUuid}
            onRemove={() => {
              const words = t('push.device.removed', { name: device.name });
              const onSuccess = () => show({ id: `device:${device.deviceUuid}`, words });
              remove.mutate({ deviceUuid: device.deviceUuid }, { onSuccess });
              // The row disappears with its button.
              list.current?.focus();
            }}
          />
        ))}
      </ul>
      {remove.error ? <Notice>{`${t('push.device.notRemoved')} ${errorWords(remove.error)}`}</Notice> : null}
    </Section>
  );
}

interface DeviceRowProps {
  device: Device;
  /** This browser is switched off by its own switch. */
  isOwn: boolean;
  isBusy: boolean;
  onRemove: () => void;
}

function DeviceRow({ device: { name, createdAt, lastNotifiedAt }, isOwn, isBusy, onRemove }: DeviceRowProps) {
  const when =
    lastNotifiedAt === null
      ? t('push.device.added', { date: formatFull(Date.parse(createdAt)) })
      : t('push.device.notified', { date: formatFull(Date.parse(lastNotifiedAt)) });
  return (
    <li className="flex min-h-14 items-center gap-3 py-1.5">
      <span className="min-w-0 grow">
        <span className="block truncate font-medium">{isOwn ? `${name} · ${t('push.device.this')}` : name}</span>
        <span className="block text-sm text-muted">{when}</span>
      </span>
      {isOwn ? null : (
        <Button look="quiet" aria-label={t('push.device.removeNamed', { name })} busy={isBusy} onClick={onRemove}>
          {t('push.device.remove')}
        </Button>
      )}
    </li>
  );
}
