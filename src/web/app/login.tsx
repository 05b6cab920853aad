import { useSignal } from '@preact/signals';
import { ApiError, logIn } from './api.ts';
import { session } from './state.ts';
import { t } from './text.ts';

/** Asks for name and password. */
export function Login() {
  const problem = useSignal('');
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    try {
      session.value = await logIn(String(form.get('user')), String(form.get('password')));
    } catch (error) {
      const status = error instanceof ApiError ? error.status : 0;
      if (status === 401) problem.value = t('login.wrong');
      else if (status === 429 || status === 503) problem.value = t('login.slow');
      else problem.value = t('app.failed', { why: String(error) });
    }
  };
  return (
    <main class="login">
      <form class="card" onSubmit={(event) => void submit(event as unknown as SubmitEvent)}>
        <h1>{t('login.title')}</h1>
        <label>
          {t('login.user')}
          <input name="user" autocomplete="username" required maxLength={100} />
        </label>
        <label>
          {t('login.password')}
          <input name="password" type="password" autocomplete="current-password" required maxLength={500} />
        </label>
        {problem.value !== '' && <p role="alert">{problem.value}</p>}
        <button type="submit">{t('login.submit')}</button>
      </form>
    </main>
  );
}
